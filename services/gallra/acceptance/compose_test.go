package acceptance

import (
	"slices"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"

	"gallra.se/services/gallra/internal/assembly"
)

func TestTheComposeFileParsesAndHasOneContainerPerService(t *testing.T) {
	t.Parallel()
	options, err := cli.NewProjectOptions([]string{root + "/docker-compose.yml"}, cli.WithWorkingDirectory(root))
	if err != nil {
		t.Fatal(err)
	}
	project, err := options.LoadProject(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	names := project.ServiceNames()
	for _, service := range assembly.Names() {
		if !slices.Contains(names, service) {
			t.Errorf("no container runs %s", service)
		}
		if command := project.Services[service].Command; len(command) != 1 || command[0] != service {
			t.Errorf("%s runs %v", service, command)
		}
	}
}
