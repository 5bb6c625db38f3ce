package acceptance

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"

	"gallra.se/services/gallra/internal/assembly"
)

const (
	composeFile   = root + "/docker-compose.yml"
	simulatedFile = root + "/deploy/compose.simulated.yml"
)

// composed reads compose files as docker compose does where nobody has set a variable.
func composed(t *testing.T, files ...string) *types.Project {
	t.Helper()
	options, err := cli.NewProjectOptions(files, cli.WithWorkingDirectory(root))
	if err != nil {
		t.Fatal(err)
	}
	project, err := options.LoadProject(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return project
}

func TestEachServiceHasAContainerOfItsOwn(t *testing.T) {
	t.Parallel()
	project := composed(t, composeFile)
	for _, service := range append(assembly.Names(), "control") {
		container, ok := project.Services[service]
		if !ok {
			t.Errorf("no container runs %s", service)
			continue
		}
		if len(container.Command) != 1 || container.Command[0] != service {
			t.Errorf("%s runs %v", service, container.Command)
		}
		if _, waits := container.DependsOn["setup"]; !waits {
			t.Errorf("%s does not wait for its databases and streams", service)
		}
	}
}

func TestEachHolderHasAKeystoreThatNobodyElseMounts(t *testing.T) {
	t.Parallel()
	keystores := map[string]string{"intake": "intake-keystore", "case-linker": "case-linker-keystore",
		"statistics-pseudonymiser": "statistics-keystore", "ledger": "ledger-keys"}
	project := composed(t, composeFile, simulatedFile)
	for name, container := range project.Services {
		if name == "backup" {
			continue // of a simulated deployment, where keys are brought back
		}
		for _, volume := range container.Volumes {
			if own := keystores[name]; slices.Contains([]string{"/keystore", "/keys"}, volume.Target) != (volume.Source == own && own != "") {
				t.Errorf("%s mounts %s at %s", name, volume.Source, volume.Target)
			}
			for holder, keystore := range keystores {
				copied := strings.Replace(keystore, "-keystore", "-key-copy", 1)
				if volume.Source == keystore && holder != name || volume.Source == copied && holder != name && name != "scan" {
					t.Errorf("%s mounts the keys of %s", name, holder)
				}
				if name == holder && copied != keystore && container.Environment["GALLRA_KEY_COPY"] == nil {
					t.Errorf("%s keeps no copy of its key database", name)
				}
			}
		}
	}
	for _, service := range assembly.Names() {
		_, has := keystores[service]
		if assembly.Holds(service) && !has {
			t.Errorf("%s has no keystore", service)
		}
	}
}

// Compose warns of a variable that nobody has set, and goes on with nothing in its place.
func TestEveryVariableOfTheComposeFilesHasADefault(t *testing.T) {
	t.Parallel()
	for _, file := range []string{composeFile, simulatedFile, keyServerFile} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, variable := range regexp.MustCompile(`\$\w+|\$\{[^}]*\}`).FindAllString(string(text), -1) {
			if !regexp.MustCompile(`^\$\{[A-Z_]+:-[^}]+\}$`).MatchString(variable) {
				t.Errorf("%s: %s", file, variable)
			}
		}
	}
}
