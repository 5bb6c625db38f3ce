package acceptance

import (
	"bytes"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"gallra.se/services/gallra/internal/assembly"
	"gallra.se/services/gallra/internal/client"
)

// promised is a row of the table in docs/metrics.md.
type promised struct {
	kind     string
	labels   []string
	services []string
}

var metricRow = regexp.MustCompile("(?m)^\\| `(gallra_[a-z_]+)` \\| ([a-z]+) \\|([^|]*)\\| ([^|]+) \\| ([^|]+) \\|[^|]*\\|$")

// promisedMetrics reads the table.
func promisedMetrics(t *testing.T) map[string]promised {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(root, "docs/metrics.md"))
	if err != nil {
		t.Fatal(err)
	}
	table := map[string]promised{}
	for _, row := range metricRow.FindAllStringSubmatch(string(page), -1) {
		p := promised{kind: row[2], services: strings.Split(row[4], ", ")}
		for _, label := range regexp.MustCompile("`([a-z]+)`").FindAllStringSubmatch(row[3], -1) {
			p.labels = append(p.labels, label[1])
		}
		slices.Sort(p.labels)
		if row[4] == "all" {
			p.services = assembly.Names()
		}
		table[row[1]] = p
	}
	if lines := strings.Count(string(page), "\n| `gallra_"); lines != len(table) || lines < 20 {
		t.Fatalf("%d of %d rows of the table can be read", len(table), lines)
	}
	return table
}

func (p promised) of(service string) bool { return slices.Contains(p.services, service) }

func TestEveryServiceExposesTheMetricsOfTheTableAndNoOthers(t *testing.T) {
	t.Parallel()
	_, api := up(t, dataDir(t), "--clock=simulated=2021-10-04", "--recipient=SE-KFM=http://127.0.0.1:9/")
	table := promisedMetrics(t)
	for _, service := range assembly.Names() {
		families := exposed(t, api, service)
		for name, family := range families {
			if strings.HasPrefix(name, "gallra_") {
				asPromised(t, service, family, table[name])
			}
		}
		for name, p := range table {
			if p.of(service) && families[name] == nil {
				t.Errorf("%s does not expose %s", service, name)
			}
		}
	}
}

// exposed are a service's metrics, once it has answered a scrape before.
func exposed(t *testing.T, api *client.Client, service string) (families map[string]*dto.MetricFamily) {
	t.Helper()
	for range 2 {
		answer, err := api.Do(t.Context(), client.Call{Method: http.MethodGet, Path: "/metrics/" + service})
		if err != nil || answer.Status != http.StatusOK {
			t.Fatalf("%s: %d %v", service, answer.Status, err)
		}
		parser := expfmt.NewTextParser(model.UTF8Validation)
		if families, err = parser.TextToMetricFamilies(bytes.NewReader(answer.Body)); err != nil {
			t.Fatalf("%s: %v", service, err)
		}
	}
	for _, failed := range families["promhttp_metric_handler_errors_total"].GetMetric() {
		if failed.GetCounter().GetValue() > 0 {
			t.Errorf("%s could not measure something", service)
		}
	}
	return families
}

func asPromised(t *testing.T, service string, family *dto.MetricFamily, p promised) {
	t.Helper()
	labels := map[string]bool{}
	for _, m := range family.Metric {
		for _, l := range m.Label {
			labels[l.GetName()] = true
			if len(l.GetValue()) > 60 || regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}|\d{8}`).MatchString(l.GetValue()) && l.GetName() != "version" && l.GetName() != "revision" {
				t.Errorf("%s: %s{%s=%q} looks like an id", service, family.GetName(), l.GetName(), l.GetValue())
			}
		}
	}
	kind, names := strings.ToLower(family.GetType().String()), slices.Sorted(maps.Keys(labels))
	if !p.of(service) || kind != p.kind || !slices.Equal(names, p.labels) {
		t.Errorf("%s exposes %s, a %s with labels %v; docs/metrics.md says %+v", service, family.GetName(), kind, names, p)
	}
	if family.GetHelp() == "" {
		t.Errorf("%s has no help", family.GetName())
	}
}
