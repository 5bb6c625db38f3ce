package e2e

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestEveryKeyOpensItsOwnDoorAndNoOther(t *testing.T) {
	defer stopwatch(t, "all attempts")()
	d := emptied(t, begin)
	project := os.Getenv(projectSetting)
	arguments := []string{"create", "--volume", d.place.Secrets + ":/secrets:ro", "--user", fmt.Sprintf("%d:%d", os.Getuid(), os.Getgid()),
		"--network", project + "_bus", "--env", "GALLRA_SECRETS=/secrets"}
	for setting, host := range map[string]string{"GALLRA_OPERATIONS": "postgres", "GALLRA_KEYS": "postgres-keys", "GALLRA_STATISTICS": "postgres-statistics"} {
		arguments = append(arguments, "--env", setting+"=postgres://"+host+"/postgres?sslmode=verify-full&sslrootcert=/secrets/ca.pem")
	}
	image := strings.TrimSpace(d.docker("inspect", "--format", "{{.Config.Image}}", strings.TrimSpace(d.compose("ps", "--quiet", "control"))))
	container := strings.TrimSpace(d.docker(append(arguments, image, "credentials", "check")...))
	defer d.docker("rm", "--force", container)
	for _, network := range []string{"operations", "keys", "statistics"} {
		d.docker("network", "connect", project+"_"+network, container)
	}
	out, err := run(t.Context(), "", "docker", "start", "--attach", container)
	if err != nil {
		t.Errorf("%v", err)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	t.Log(lines[len(lines)-1])
}
