package acceptance

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"gallra.se/services/gallra/internal/assembly"
)

const observability = root + "/deploy/observability/"

// strictly reads a YAML file into a shape that names all that it may hold.
func strictly(t *testing.T, name string, into any) {
	t.Helper()
	file, err := os.Open(filepath.Join(observability, name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	d := yaml.NewDecoder(file)
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

type alert struct {
	Alert, Expr, For    string
	Labels, Annotations map[string]string
}

func alerts(t *testing.T) (all []alert) {
	t.Helper()
	var file struct {
		Groups []struct {
			Name  string
			Rules []alert
		}
	}
	strictly(t, "alerts.yaml", &file)
	for _, group := range file.Groups {
		all = append(all, group.Rules...)
	}
	return all
}

// panel is a part of the dashboard, with the expressions that it shows.
type panel struct {
	ID                       int
	Type, Title, Description string
	GridPos                  struct{ H, W, X, Y int }
	Targets                  []struct{ Expr string }
}

func panels(t *testing.T) []panel {
	t.Helper()
	text, err := os.ReadFile(observability + "grafana-dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		Title         string
		SchemaVersion int
		Panels        []panel
	}
	if err := json.Unmarshal(text, &board); err != nil {
		t.Fatal(err)
	}
	if board.Title != "Gallra" || board.SchemaVersion < 36 || len(board.Panels) < 20 {
		t.Fatalf("it is no dashboard: %+v", board)
	}
	return board.Panels
}

var ownMetric = regexp.MustCompile(`gallra_[a-z_]+`)

// knows fails for each metric of ours in an expression that the table does not have.
func knows(t *testing.T, table map[string]promised, where, expr string) {
	t.Helper()
	for _, name := range ownMetric.FindAllString(expr, -1) {
		whole := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(name, "_bucket"), "_count"), "_sum")
		if p, ok := table[whole]; !ok || (whole != name) != (p.kind == "histogram") {
			t.Errorf("%s asks for %s, which docs/metrics.md does not have", where, name)
		}
	}
}

func TestEveryAlertAsksForMetricsThatAreThereAndSaysWhatToDo(t *testing.T) {
	t.Parallel()
	table := promisedMetrics(t)
	asked, names := "", map[string]bool{}
	for _, a := range alerts(t) {
		knows(t, table, a.Alert, a.Expr)
		asked += a.Expr + "\n"
		if names[a.Alert] || !strings.HasPrefix(a.Alert, "Gallra") || a.For == "" || a.Annotations["summary"] == "" || a.Annotations["do"] == "" {
			t.Errorf("%+v is incomplete, or there twice", a)
		}
		names[a.Alert] = true
		if !slices.Contains([]string{"critical", "warning", "info"}, a.Labels["severity"]) {
			t.Errorf("%s is %s", a.Alert, a.Labels["severity"])
		}
	}
	for _, needed := range []string{"gallra_outbox_oldest_unsent_seconds", "gallra_consumer_lag_events", "gallra_parked_keys", "gallra_retention_watermark_age_seconds",
		"gallra_retention_overdue_units", "gallra_disposal_unrecoverable_seconds_bucket", "gallra_disclosure_breaker_state", "node_filesystem_avail_bytes", "up{"} {
		if !strings.Contains(asked, needed) {
			t.Errorf("no alert asks for %s", needed)
		}
	}
	for _, service := range assembly.Names() {
		if !strings.Contains(asked, `absent(up{job="`+service+`"})`) {
			t.Errorf("nobody hears of it when there is no %s", service)
		}
	}
}

func TestTheDashboardShowsEveryMetricOfTheTableAndNoOther(t *testing.T) {
	t.Parallel()
	table := promisedMetrics(t)
	shown, at := "", map[[2]int]string{}
	for _, p := range panels(t) {
		for _, target := range p.Targets {
			knows(t, table, p.Title, target.Expr)
			shown += target.Expr + "\n"
		}
		if p.Type != "row" && (p.Description == "" || len(p.Targets) == 0) {
			t.Errorf("%s says nothing", p.Title)
		}
		for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
			for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
				if over := at[[2]int{x, y}]; over != "" {
					t.Errorf("%s lies over %s", p.Title, over)
				}
				at[[2]int{x, y}] = p.Title
			}
		}
	}
	for name := range table {
		if !regexp.MustCompile(`\b` + name + `(_bucket)?\b`).MatchString(shown) {
			t.Errorf("%s is not shown", name)
		}
	}
}

func TestPrometheusScrapesEveryServiceOverHTTPSUnderItsOwnName(t *testing.T) {
	t.Parallel()
	var config struct {
		Global    map[string]string
		RuleFiles []string `yaml:"rule_files"`
		Jobs      []struct {
			Name   string `yaml:"job_name"`
			Scheme string
			TLS    struct {
				CA     string `yaml:"ca_file"`
				Server string `yaml:"server_name"`
			} `yaml:"tls_config"`
			Found []struct {
				Names []string
				Type  string
				Port  int
			} `yaml:"dns_sd_configs"`
			Static []struct{ Targets []string } `yaml:"static_configs"`
		} `yaml:"scrape_configs"`
	}
	strictly(t, "prometheus.yml", &config)
	if _, err := os.Stat(observability + config.RuleFiles[0]); err != nil {
		t.Error(err)
	}
	var jobs []string
	for _, j := range config.Jobs {
		if len(j.Static) > 0 { // what is no service of ours
			continue
		}
		jobs = append(jobs, j.Name)
		if j.Scheme != "https" || j.TLS.CA == "" || j.TLS.Server != j.Name || len(j.Found) != 1 || !slices.Equal(j.Found[0].Names, []string{j.Name}) || j.Found[0].Port != 8080 {
			t.Errorf("%+v", j)
		}
	}
	want := slices.Sorted(slices.Values(assembly.Names()))
	if slices.Sort(jobs); !slices.Equal(jobs, want) {
		t.Errorf("jobs %v, services %v", jobs, want)
	}
}
