package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gallra.se/services/gallra/internal/credentials"
)

func TestTheConsoleNamesWhatItLacksToLetOfficersIn(t *testing.T) {
	t.Parallel()
	folder := credentials.Shared(filepath.Join(t.TempDir(), "secrets"))
	if err := folder.Open(); err != nil {
		t.Fatal(err)
	}
	if _, err := folder.EnsureConsoleKey(); err != nil {
		t.Fatal(err)
	}
	whole := officerFlags{loginFlags{ConsoleURL: "https://gallra.example", Issuer: "https://id.example", ClientID: "gallra"}, "https://gateway:8443", folder.ConsoleKey()}
	if o, err := whole.officers(""); err != nil || o.Key == nil || o.Client == nil || o.Provider == nil || o.API != whole.API {
		t.Errorf("%+v %v", o, err)
	}
	for want, change := range map[string]func(*officerFlags){
		"GALLRA_CONSOLE_URL":         func(f *officerFlags) { f.ConsoleURL = "" },
		"GALLRA_API":                 func(f *officerFlags) { f.API = "" },
		"GALLRA_CONSOLE_SIGNING_KEY": func(f *officerFlags) { f.SigningKey = "" },
		"--oidc-client-id":           func(f *officerFlags) { f.ClientID = "" },
		"no-such-secret":             func(f *officerFlags) { f.ClientSecret = "no-such-secret" },
		"no-such-ca":                 func(f *officerFlags) { f.ProviderCA = "no-such-ca" },
		"tokens.pub.pem":             func(f *officerFlags) { f.SigningKey = folder.ConsolePublicKey() },
	} {
		f := whole
		change(&f)
		if _, err := f.officers(""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if o, err := (officerFlags{}).officers(""); err != nil || o.Issuer != "" {
		t.Errorf("without a provider: %+v %v", o, err)
	}
}

func TestTheClientsSecretIsReadFromItsFileWithoutTheLastLinesEnd(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte("s3cret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if l, err := (loginFlags{ClientSecret: path}).login(); err != nil || l.ClientSecret != "s3cret" || l.SecretFile != path {
		t.Errorf("%+v %v", l, err)
	}
}
