package acceptance

import (
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/types"

	"gallra.se/services/gallra/internal/credentials"
)

// secrets is what each container is given besides its own certificate, as compose's names
// of secrets.
var secrets = map[string]string{
	"gateway":             "ca",
	"nats":                "ca",
	"nats-volume":         "",
	"postgres":            "superuser-operations",
	"postgres-keys":       "superuser-keys",
	"postgres-statistics": "superuser-statistics",
	"setup": "ca database-case_linker database-case_linker_keys database-clock database-disclosure database-intake database-intake_keys " +
		"database-ledger database-retention_timer nats-provisioner readers superuser-keys superuser-operations",
	"setup-statistics":         "ca database-statistics database-statistics_keys nats-statistics-provisioner superuser-statistics",
	"ledger":                   "ca database-ledger nats-ledger tokens",
	"retention-timer":          "ca console-tokens database-retention_timer nats-retention-timer tokens",
	"case-linker":              "ca console-tokens database-case_linker database-case_linker_keys nats-case-linker tokens",
	"intake":                   "ca database-intake database-intake_keys nats-intake tokens",
	"disclosure":               "ca database-disclosure nats-disclosure tokens",
	"console":                  "ca console-signing nats-console oidc-client-secret tokens",
	"control":                  "ca nats-operator tokens",
	"statistics-pseudonymiser": "ca database-statistics database-statistics_keys nats-statistics-pseudonymiser nats-statistics-publisher tokens",
}

// given lists a container's secrets, without its own certificate and key.
func given(name string, c types.ServiceConfig) string {
	var sources []string
	for _, secret := range c.Secrets {
		if secret.Source != "tls-"+name && secret.Source != "tls-"+name+"-key" {
			sources = append(sources, secret.Source)
		}
	}
	slices.Sort(sources)
	return strings.Join(sources, " ")
}

func TestEachContainerIsGivenTheSecretsThatItNeeds(t *testing.T) {
	t.Parallel()
	for name, container := range composed(t, composeFile).Services {
		if want, listed := secrets[name]; !listed || given(name, container) != want {
			t.Errorf("%s is given\n  %q, want\n  %q", name, given(name, container), want)
		}
	}
}

// fileOf is the file that a secret of this name must be.
func fileOf(name string) string {
	switch kind, of, _ := strings.Cut(name, "-"); kind {
	case "ca":
		return "ca.pem"
	case "tokens":
		return "tokens.pub.pem"
	case "console":
		if of == "signing" {
			return "console-tokens.pem"
		}
		return "console-tokens.pub.pem"
	case "oidc":
		return name
	case "readers":
		return "nats/conf/readers.json"
	case "nats":
		return "nats/" + of + ".nk"
	case "database":
		return "databases/" + of
	case "superuser":
		return "databases/" + name
	case "tls":
		if server, isKey := strings.CutSuffix(of, "-key"); isKey {
			return "tls/" + server + ".key"
		}
		if of == "gateway" {
			return "tls/gateway.haproxy.pem"
		}
		return "tls/" + of + ".pem"
	}
	return "?"
}

func TestEverySecretIsAFileThatGallraMakesAndContainersCanRead(t *testing.T) {
	t.Parallel()
	made := t.TempDir() + "/secrets"
	if _, err := credentials.Generate(made, nil); err != nil {
		t.Fatal(err)
	}
	top, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	for name, secret := range composed(t, composeFile, simulatedFile).Secrets {
		if want := filepath.Join(top, "deploy/secrets", fileOf(name)); secret.File != want {
			t.Errorf("secret %s is %s, want %s", name, secret.File, want)
		}
		info, err := os.Stat(filepath.Join(made, fileOf(name)))
		if err != nil || info.Mode().Perm() != 0o444 {
			t.Errorf("secret %s: %v %v", name, info, err)
		}
	}
}

func TestEveryFileThatAContainersEnvironmentNamesIsMounted(t *testing.T) {
	t.Parallel()
	for name, container := range composed(t, composeFile, simulatedFile).Services {
		var mounted []string
		for _, secret := range container.Secrets {
			mounted = append(mounted, "/run/secrets/"+secret.Target)
		}
		for variable, value := range container.Environment {
			if value == nil || !strings.HasPrefix(*value, "/run/secrets/") {
				continue
			}
			if !slices.ContainsFunc(mounted, func(path string) bool { return path == *value || strings.HasPrefix(path, *value+"/") }) {
				t.Errorf("%s has %s=%s and not that file", name, variable, *value)
			}
		}
	}
}

func TestADatabaseIsEnteredWithTheRoleOfItsNameOverVerifiedTLSAndThePasswordIsAFile(t *testing.T) {
	t.Parallel()
	for name, container := range composed(t, composeFile, simulatedFile).Services {
		for variable, value := range container.Environment {
			if value == nil || !strings.HasPrefix(*value, "postgres://") {
				continue
			}
			address, err := url.Parse(*value)
			if err != nil {
				t.Fatal(err)
			}
			role := address.User.Username()
			if _, written := address.User.Password(); written || "/"+role != address.Path || address.Query().Get("sslmode") != "verify-full" {
				t.Errorf("%s has %s=%s", name, variable, *value)
			}
			if !strings.HasSuffix(variable, "DATABASE") {
				continue
			}
			file := container.Environment[variable+"_PASSWORD_FILE"]
			if file == nil || !slices.ContainsFunc(container.Secrets, func(s types.ServiceSecretConfig) bool {
				return "/run/secrets/"+s.Target == *file && s.Source == "database-"+role
			}) {
				t.Errorf("%s enters %s with the password of another role", name, role)
			}
		}
	}
}
