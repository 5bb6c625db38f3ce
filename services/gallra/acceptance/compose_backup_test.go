package acceptance

import (
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"

	"gallra.se/services/gallra/internal/credentials"
)

// withBackup is the deployment with its backups, as docker compose reads it when that profile is asked for.
func withBackup(t *testing.T) *types.Project {
	t.Helper()
	options, err := cli.NewProjectOptions([]string{composeFile, root + "/deploy/compose.backup.yml"}, cli.WithWorkingDirectory(root), cli.WithProfiles([]string{"backup"}))
	if err != nil {
		t.Fatal(err)
	}
	project, err := options.LoadProject(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return project
}

// Whoever backs up one side of the statistics' wall has no way to the other, and no way out.
func TestABackupReachesOneSideOfTheWallAndNothingElse(t *testing.T) {
	t.Parallel()
	real, project := composed(t, composeFile), withBackup(t)
	if said := more(project.Services, real.Services); said != "backup backup-statistics" {
		t.Errorf("added: %s", said)
	}
	for name, want := range map[string]struct {
		networks, keystores string
		servers             []string
	}{
		"backup":            {"keys operations", "case-linker-keystore intake-keystore ledger-keys", []string{credentials.Operations, credentials.Keys}},
		"backup-statistics": {"statistics", "statistics-keystore", []string{credentials.Statistics}},
	} {
		container := project.Services[name]
		var secrets, keystores []string
		for _, server := range want.servers {
			for _, database := range credentials.Databases(server) {
				secrets = append(secrets, "database-"+database)
			}
		}
		secrets = append(secrets, "ca")
		slices.Sort(secrets)
		for _, volume := range container.Volumes {
			if !strings.HasSuffix(volume.Source, "backups") {
				keystores = append(keystores, volume.Source)
			}
		}
		slices.Sort(keystores)
		if on(container) != want.networks || given(name, container) != strings.Join(secrets, " ") || strings.Join(keystores, " ") != want.keystores {
			t.Errorf("%s is on %s, is given %s and mounts %v", name, on(container), given(name, container), keystores)
		}
		container.HealthCheck = nil
		if finding := hardened("setup", container); finding != "" { // which ends too
			t.Errorf("%s %s", name, finding)
		}
		if container.Restart != types.RestartPolicyNo || !slices.Equal(container.Profiles, []string{"backup"}) {
			t.Errorf("%s starts by itself: %s %v", name, container.Restart, container.Profiles)
		}
	}
}
