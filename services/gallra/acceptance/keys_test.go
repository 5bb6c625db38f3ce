package acceptance

import (
	"encoding/json"
	"encoding/pem"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gallra.se/libs/bearer"
	"gallra.se/libs/keyring/bao/baotest"
	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/keys"
	"gallra.se/services/gallra/internal/launch"
)

// inProduction are the flags of a system in production whose root keys are at a key server.
func inProduction(t *testing.T) (args []string, server *baotest.Server) {
	t.Helper()
	server, der := baotest.NewTLS(t)
	dir := t.TempDir()
	token, ca := filepath.Join(dir, "token"), filepath.Join(dir, "ca.pem")
	for path, text := range map[string][]byte{token: []byte(baotest.Token), ca: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})} {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return []string{"--production", "--keystore=" + server.URL + "/" + baotest.Mount + "?prefix=test", "--keystore-token-file=" + token,
		"--keystore-ca=" + ca, "--key-copy=" + filepath.Join(dir, "copy")}, server
}

func standing(t *testing.T, system *launch.System) (s keys.Standing) {
	t.Helper()
	status, out, errs := gallraFor(t, system, "keys", "status", "--json")
	if err := json.Unmarshal([]byte(out), &s); status != 0 || err != nil || len(s.Holders) != 3 {
		t.Fatalf("keys status: %d %v %s%s", status, err, out, errs)
	}
	return s
}

// DESIGN D6
func TestAnOperatorReplacesKeysWhilePeopleAreServed(t *testing.T) {
	t.Parallel()
	copies := t.TempDir()
	system, api := up(t, dataDir(t), begin, "--key-copy="+copies)
	number := testNumber(0)
	life{t, api}.hands("2021-02-01 09:00", "/v1/persons", map[string]any{"kind": "person.registered",
		"person": map[string]any{"nationalId": number, "name": "Anna Nyckel"}})
	officer, err := system.Place().As(bearer.Claims{Authority: authority, Name: "reader", Roles: []string{"dpo"}, Undertaking: true, Trained: true}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	officer = officer.For("supervision")
	found := func() string {
		t.Helper()
		var said struct{ Persons []struct{ ID string } }
		if err := officer.Post(t.Context(), authority, "/v1/persons/search", map[string]string{"nationalId": number}, &said); err != nil {
			t.Fatal(err)
		}
		if len(said.Persons) != 1 {
			t.Fatalf("the look-up finds %d persons", len(said.Persons))
		}
		return said.Persons[0].ID
	}
	person := found()

	before := standing(t, system)
	if status, out, errs := gallraFor(t, system, "keys", "rotate", "--index"); status != 0 || strings.Count(out, "look-ups under other keys") != 3 {
		t.Fatalf("keys rotate: %d %s%s", status, out, errs)
	}
	for i, now := range standing(t, system).Holders {
		was := before.Holders[i]
		if was.Status == nil || now.Status == nil || now.Status.Generation <= was.Status.Generation || len(now.Status.Held) != 1 || now.Status.Provider != "file" {
			t.Errorf("%s: %+v, then %+v", now.Service, was.Status, now.Status)
		}
		if at := now.Status.Copy; at == nil || at.Dir != filepath.Join(copies, now.Service) || at.Generation != now.Status.Generation {
			t.Errorf("%s: the second medium: %+v", now.Service, at)
		}
	}
	if again := found(); again != person {
		t.Errorf("she is found as %q, and was %q", again, person)
	}
	reconciles(t, system)

	for what, c := range map[string]struct {
		args []string
		says string
	}{
		"a service without a keyring": {[]string{"keys", "rotate", "--service", "console"}, "intake"},
		"one that there is not":       {[]string{"keys", "status", "--service", "a b&c"}, "these have a keyring"},
	} {
		if status, _, errs := gallraFor(t, system, c.args...); status != 1 || !strings.Contains(errs, c.says) {
			t.Errorf("%s: %d %s", what, status, errs)
		}
	}
	for call, body := range map[[2]string]string{{http.MethodGet, keys.Path}: "", {http.MethodPost, keys.RotatePath}: "{}"} {
		answer, err := officer.Do(t.Context(), client.Call{Method: call[0], Path: call[1], Header: client.JSON(), Body: []byte(body)})
		if err != nil || answer.Status != http.StatusForbidden {
			t.Errorf("%v as a data protection officer: %d, %v", call, answer.Status, err)
		}
	}
	if status, out, errs := gallraFor(t, system, "keys", "status", "--service", "case-linker"); status != 0 || !strings.Contains(out, "generation") || strings.Contains(out, "intake") {
		t.Errorf("keys status: %d %s%s", status, out, errs)
	}
}

// DESIGN D6
func TestProductionWantsItsKeysApartAndCopied(t *testing.T) {
	t.Parallel()
	flags, _ := inProduction(t)
	for says, args := range map[string][]string{
		"--key-copy":          flags[:4],
		"apart from the data": {"--production", "--key-copy=" + t.TempDir()},
		"https:// only":       {"--production", "--key-copy=" + t.TempDir(), "--keystore=http://bao.example:8200/transit", flags[2]},
		"MOUNT":               {"--keystore=https://s.token@bao.example:8200/transit"},
		"needs the file of":   {"--keystore=https://bao.example:8200/transit"},
	} {
		_, err := launch.Start(t.Context(), launch.Options{Dir: dataDir(t), Args: args})
		if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "s.token") {
			t.Errorf("%s: %v", says, err)
		}
	}
}
