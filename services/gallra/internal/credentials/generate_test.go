package credentials

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// generated is a new deployment's folder.
func generated(t *testing.T, hosts ...string) Folder {
	t.Helper()
	f := Shared(filepath.Join(t.TempDir(), "secrets"))
	if _, err := generate(f, hosts, noon); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestADeploymentsFolderHasEverythingWithTheModesThatItsReadersNeed(t *testing.T) {
	t.Parallel()
	f := generated(t)
	want := map[string]fs.FileMode{
		".": 0o700, "nats": 0o755, "databases": 0o755, "tls": 0o755, "nats/conf": 0o755, "partners": 0o755,
		"ca.pem": 0o444, "ca.key": 0o600, "tokens.pem": 0o600, "tokens.pub.pem": 0o444, "console-tokens.pem": 0o444, "console-tokens.pub.pem": 0o444, "oidc-client-secret": 0o444,
		"nats/conf/nats.conf": 0o444, "nats/conf/accounts.conf": 0o444, "nats/conf/readers.json": 0o444,
		"tls/gateway.haproxy.pem": 0o444, "nats/sys.nk": 0o600, "nats/outside.nk": 0o600, "nats/analyst.nk": 0o600,
		"nats/operator.nk": 0o444, "nats/simulator.nk": 0o444, "nats/statistics-simulator.nk": 0o444,
	}
	for _, service := range []string{"intake", "case-linker", "retention-timer", "disclosure", "ledger", "console", "statistics-pseudonymiser"} {
		want["nats/"+service+".nk"], want["tls/"+service+".pem"], want["tls/"+service+".key"] = 0o444, 0o444, 0o444
	}
	for _, role := range []string{"clock", "ledger", "retention_timer", "case_linker", "intake", "disclosure", "case_linker_keys", "intake_keys",
		"statistics", "statistics_keys", "superuser-operations", "superuser-keys", "superuser-statistics"} {
		want["databases/"+role] = 0o444
	}
	for path, mode := range want {
		info, err := os.Stat(filepath.Join(f.dir, path))
		if err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, want mode %o", path, err, mode)
		}
	}
}

func TestWhatIsThereIsKeptAndWhatIsMissingIsMadeAndNamed(t *testing.T) {
	t.Parallel()
	f := generated(t)
	before := contents(t, f.dir)
	made, err := generate(f, nil, noon)
	if err != nil || len(made) != 0 {
		t.Fatalf("made again: %v %v", made, err)
	}
	for _, gone := range []string{"nats/ledger.nk", "databases/intake", "tls/intake.pem", "tokens.pub.pem"} {
		if err := os.Remove(filepath.Join(f.dir, gone)); err != nil {
			t.Fatal(err)
		}
	}
	made, err = generate(f, nil, noon)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(made)
	want := []string{"databases/intake", "nats/conf/accounts.conf", "nats/ledger.nk", "tls/intake.key", "tls/intake.pem", "tokens.pub.pem"}
	if !slices.Equal(made, want) {
		t.Errorf("made %v, want %v", made, want)
	}
	for path, text := range contents(t, f.dir) {
		if !slices.Contains(want, path) && before[path] != text {
			t.Errorf("%s is another one", path)
		}
	}
}

func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		all[relative(dir, path)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestACertificateIsMadeAnewSixtyDaysBeforeItsEndAndTheCAIsKept(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		at    time.Time
		renew bool
	}{
		{"the next day", noon.AddDate(0, 0, 1), false},
		{"sixty-one days before", noon.AddDate(2, 0, -61), false},
		{"sixty days before", noon.AddDate(2, 0, -60), true},
		{"after its end", noon.AddDate(2, 1, 0), true},
	} {
		f := generated(t)
		made, err := generate(f, nil, c.at)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if got := slices.Contains(made, "tls/nats.pem"); got != c.renew || slices.Contains(made, "ca.pem") || slices.Contains(made, "tls/gateway.haproxy.pem") != c.renew {
			t.Errorf("%s: %v", c.name, made)
		}
		if certificate := certificateOf(t, f, "nats"); c.renew && !certificate.NotAfter.Equal(c.at.AddDate(2, 0, 0)) {
			t.Errorf("%s: the new one ends on %s", c.name, certificate.NotAfter)
		}
	}
	f := generated(t)
	if _, err := generate(f, nil, noon.AddDate(10, 0, -59)); err == nil || !strings.Contains(err.Error(), "ca.pem ends on 2036-05-04") {
		t.Errorf("a CA at its end: %v", err)
	}
}

func certificateOf(t *testing.T, f Folder, name string) *x509.Certificate {
	t.Helper()
	file, _ := f.certificateFiles(name)
	certificate, err := readCertificate(file)
	if err != nil {
		t.Fatal(err)
	}
	return certificate
}

func TestAServerIsKnownByItsNameItsMachineAndWhereItIsPublishedByItsHosts(t *testing.T) {
	t.Parallel()
	f := generated(t, "gallra.example.org", "192.0.2.7", "2001:0db8::1")
	pool := x509.NewCertPool()
	pool.AddCert(func() *x509.Certificate { c, err := readCertificate(f.CA()); must(t, err); return c }())
	for name, accepted := range map[string][2][]string{
		"nats":    {{"nats", "localhost", "127.0.0.1", "::1", "gallra.example.org", "192.0.2.7", "2001:db8::1"}, {"gateway", "example.org"}},
		"gateway": {{"gateway", "gallra.example.org"}, {"nats"}},
		"intake":  {{"intake", "localhost", "127.0.0.1"}, {"gallra.example.org", "ledger"}},
	} {
		certificate := certificateOf(t, f, name)
		for i, hosts := range accepted {
			for _, host := range hosts {
				_, err := certificate.Verify(x509.VerifyOptions{DNSName: host, Roots: pool, CurrentTime: noon})
				if (err == nil) != (i == 0) {
					t.Errorf("%s as %s: %v", name, host, err)
				}
			}
		}
	}
	made, err := generate(f, []string{"gallra.example.org"}, noon)
	if err != nil || len(made) != 0 {
		t.Errorf("with fewer hosts: %v %v", made, err)
	}
	if made, err = generate(f, []string{"new.example.org"}, noon); err != nil || !slices.Contains(made, "tls/nats.pem") || slices.Contains(made, "tls/intake.pem") {
		t.Errorf("with one more: %v %v", made, err)
	}
	if names := certificateOf(t, f, "nats").DNSNames; !slices.Contains(names, "gallra.example.org") || !slices.Contains(names, "new.example.org") {
		t.Errorf("it is known by %v", names)
	}
	if _, err := generate(f, []string{"no host"}, noon); err == nil {
		t.Error("a name with a space is taken")
	}
}

func TestTheGatewaysFileIsItsCertificateAndItsKey(t *testing.T) {
	t.Parallel()
	f := generated(t)
	file := filepath.Join(f.tls(), "gateway.haproxy.pem")
	if _, err := tls.LoadX509KeyPair(file, file); err != nil {
		t.Error(err)
	}
}

func TestTheServerOfADeploymentUnderstandsItsConfiguration(t *testing.T) {
	t.Parallel()
	f := generated(t)
	file, keyFile := f.certificateFiles("nats")
	text, err := os.ReadFile(f.NatsConf())
	must(t, err)
	here := strings.NewReplacer("/run/secrets/tls.pem", file, "/run/secrets/tls.key", keyFile).Replace(string(text))
	must(t, write(f.NatsConf(), 0o444, []byte(here)))
	options, err := server.ProcessConfigFile(f.NatsConf())
	must(t, err)
	if options.Host != "0.0.0.0" || options.Port != 4222 || options.HTTPHost != "127.0.0.1" || options.HTTPPort != 8222 || options.StoreDir != "/data" ||
		options.TLSConfig == nil || !options.SyncAlways || len(options.Nkeys) != len(Users()) || options.SystemAccount != AccountSys {
		t.Errorf("%+v", options)
	}
	for path, text := range contents(t, filepath.Join(f.dir, "nats", "conf")) {
		if strings.Contains(text, "SU") && strings.Contains(text, "\"SU") || strings.Contains(text, "nkey: SU") {
			t.Errorf("%s holds a seed", path)
		}
	}
}

func TestWhatIsDamagedOrOpenIsNamedWithWhatToDo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(t *testing.T, f Folder)
		says  []string
	}{
		"half a seed":        {spoiled("nats/intake.nk", "SUAK", 0o444), []string{"nats/intake.nk", "delete it"}},
		"an empty password":  {spoiled("databases/intake", "", 0o444), []string{"databases/intake", "delete it"}},
		"half a certificate": {spoiled("tls/nats.pem", "-----BEGIN CERTIFICATE-----\nMIIB", 0o444), []string{"tls/nats.pem", "delete it"}},
		"half a CA":          {spoiled("ca.pem", "-----BEGIN", 0o444), []string{"ca.pem", "put a copy back"}},
		"no key of the CA":   {spoiled("ca.key", "", 0), []string{"ca.key", "put it back"}},
		"half a token key":   {spoiled("tokens.pem", "-----BEGIN PRIVATE KEY-----", 0o600), []string{"tokens.pem", "delete it"}},
		"half a console key": {spoiled("console-tokens.pem", "-----BEGIN PRIVATE KEY-----", 0o444), []string{"console-tokens.pem", "delete it"}},
		"half a partner":     {spoiled("partners/kund.json", `{"name":"ku`, 0o600), []string{"partners/kund.json"}},
		"an open key":        {reopened("ca.key", 0o644), []string{"ca.key", "0644", "chmod 0600"}},
		"an open token key":  {reopened("tokens.pem", 0o640), []string{"tokens.pem", "chmod 0600"}},
		"a key to write":     {reopened("console-tokens.pem", 0o666), []string{"console-tokens.pem", "chmod 0444"}},
		"a seed to write":    {reopened("nats/intake.nk", 0o666), []string{"nats/intake.nk", "chmod 0444"}},
		"an open folder":     {reopened(".", 0o755), []string{"chmod 0700"}},
	} {
		f := generated(t)
		c.spoil(t, f)
		_, err := generate(f, nil, noon)
		for _, says := range c.says {
			if err == nil || !strings.Contains(err.Error(), says) {
				t.Errorf("%s: %v, want %q", name, err, says)
			}
		}
	}
}

func spoiled(path, text string, mode fs.FileMode) func(*testing.T, Folder) {
	return func(t *testing.T, f Folder) {
		t.Helper()
		path := filepath.Join(f.dir, path)
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		if mode != 0 {
			must(t, os.WriteFile(path, []byte(text), mode))
		}
	}
}

func reopened(path string, mode fs.FileMode) func(*testing.T, Folder) {
	return func(t *testing.T, f Folder) {
		t.Helper()
		must(t, os.Chmod(filepath.Join(f.dir, path), mode))
	}
}

func TestAFileThatContainersCouldNotReadGetsItsModeBack(t *testing.T) {
	t.Parallel()
	f := generated(t)
	path := f.Seed("intake")
	must(t, os.Chmod(path, 0o400))
	if _, err := generate(f, nil, noon); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o444 {
		t.Errorf("%v %v", info.Mode(), err)
	}
}

func TestASystemOfOneUserKeepsItsSecretsToThatUser(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := Private(filepath.Join(dir, "keys"), filepath.Join(dir, "nats"))
	_, err := f.WriteNatsConf(NatsServer{Listen: "127.0.0.1:4222", Store: dir})
	must(t, err)
	_, err = f.EnsureTokenKey()
	must(t, err)
	_, err = f.Role("intake")
	must(t, err)
	for path := range contents(t, dir) {
		if info, err := os.Stat(filepath.Join(dir, path)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", path, info.Mode(), err)
		}
	}
	if len(contents(t, dir)) < len(Users())+5 {
		t.Error("too little is there to tell")
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
