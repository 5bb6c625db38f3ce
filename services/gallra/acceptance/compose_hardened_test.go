package acceptance

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/types"
)

// once are the containers that do their work and end.
var once = []string{"nats-volume", "setup", "setup-statistics"}

// hardened is what every container is, whatever it runs. The finding names the first rule
// that it breaks.
func hardened(name string, c types.ServiceConfig) string {
	ends := slices.Contains(once, name)
	user, _, _ := strings.Cut(c.User, ":")
	switch {
	case user == "" || user == "0" || user == "root":
		return "runs as root"
	case !c.ReadOnly:
		return "has a writable root"
	case !slices.Equal(c.CapDrop, []string{"ALL"}) || len(c.CapAdd) > 0:
		return "keeps capabilities"
	case !slices.Equal(c.SecurityOpt, []string{"no-new-privileges:true"}):
		return "may gain privileges"
	case c.Privileged || len(c.Devices) > 0 || c.Pid != "" || c.Ipc != "" || c.NetworkMode == "host":
		return "shares the host's devices or namespaces"
	case c.MemLimit == 0 || c.CPUS == 0 || c.PidsLimit == 0:
		return "has no limit of memory, processors or processes"
	case c.HealthCheck == nil && !ends:
		return "has no health check"
	case c.Restart != map[bool]string{false: types.RestartPolicyUnlessStopped, true: types.RestartPolicyNo}[ends]:
		return "starts again: " + c.Restart
	case c.StopGracePeriod == nil:
		return "is killed before it has stopped"
	case c.Logging == nil || c.Logging.Driver != "json-file" || c.Logging.Options["max-size"] == "" || c.Logging.Options["max-file"] == "":
		return "may fill the disk with its log"
	}
	return ""
}

func TestEveryContainerIsHardened(t *testing.T) {
	t.Parallel()
	for name, container := range composed(t, composeFile).Services {
		if finding := hardened(name, container); finding != "" {
			t.Errorf("%s %s", name, finding)
		}
	}
}

func TestOnlyGatewayAndNatsArePublishedAndOnThisMachineUnlessSomebodySaysOtherwise(t *testing.T) {
	t.Parallel()
	entries := map[string]uint32{"gateway": 8443, "nats": 4222}
	for name, container := range composed(t, composeFile, simulatedFile).Services {
		for _, port := range container.Ports {
			if entries[name] != port.Target {
				t.Errorf("%s publishes %d", name, port.Target)
			}
			if port.HostIP != "127.0.0.1" {
				t.Errorf("%s publishes on %q", name, port.HostIP)
			}
		}
		if want := entries[name] != 0; want != (len(container.Ports) == 1) {
			t.Errorf("%s publishes %d ports", name, len(container.Ports))
		}
	}
}

func TestImagesOfOthersHaveAVersion(t *testing.T) {
	t.Parallel()
	for name, container := range composed(t, composeFile, simulatedFile).Services {
		_, tag, found := strings.Cut(container.Image, ":")
		if own := container.Image == "gallra:latest"; !own && (!found || tag == "latest" || strings.HasPrefix(container.Image, "gallra")) {
			t.Errorf("%s runs %s", name, container.Image)
		}
	}
}

// What of the host a container may see: configuration that lies beside the compose file.
func TestOnlyConfigurationOfTheHostIsMountedAndCannotBeWritten(t *testing.T) {
	t.Parallel()
	top, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	for name, container := range composed(t, composeFile, simulatedFile).Services {
		for _, volume := range container.Volumes {
			if volume.Type != types.VolumeTypeBind {
				continue
			}
			from, err := filepath.Rel(top, volume.Source)
			if err != nil || !slices.Contains([]string{"deploy/gateway", "deploy/postgres", "deploy/secrets/nats/conf"}, from) || !volume.ReadOnly {
				t.Errorf("%s mounts %s", name, volume.Source)
			}
		}
	}
}
