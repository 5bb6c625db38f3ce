package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gallra.se/services/gallra/internal/credentials"
)

// secrets is a deployment's folder whose nats-server does not run.
func secrets(t *testing.T) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "secrets")
	if _, err := credentials.Generate(dir, nil); err != nil {
		t.Fatal(err)
	}
	return dir
}

// says runs a command line on a folder, at an address where nothing listens.
func says(t *testing.T, dir string, args ...string) (status int, out, complaints string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status = Main(append(args, "--dir", dir, "--nats", "tls://127.0.0.1:1"), &stdout, &stderr)
	return status, stdout.String(), stderr.String()
}

func TestAPartnerIsAddedShownAndRevokedWhileNothingRuns(t *testing.T) {
	t.Parallel()
	dir := secrets(t)
	status, out, errs := says(t, dir, "connect", "add", "kund-1", "--publish", "arbetsformedlingen/contact", "--subscribe", "arbetsformedlingen/case.closed")
	seed := filepath.Join(dir, "nats", "partner-kund-1.nk")
	for _, want := range []string{
		"will be connected when the nats-server starts", "hands in   arbetsformedlingen/contact\n", "reads      arbetsformedlingen/case.closed.v1\n",
		"by consumer partner-kund-1 of stream EV_CASE", "seed       " + seed, "ca         " + filepath.Join(dir, "ca.pem"),
		"token      " + filepath.Join(dir, "partners", "kund-1.arbetsformedlingen.token"), "nats req in.arbetsformedlingen.contact",
	} {
		if status != 0 || !strings.Contains(out, want) {
			t.Errorf("add does not say %q: %d %s%s", want, status, out, errs)
		}
	}
	if info, err := os.Stat(seed); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the seed: %v %v", info, err)
	}
	if made, err := credentials.Generate(dir, nil); err != nil || len(made) > 0 {
		t.Errorf("making secrets again changes %v %v", made, err)
	}
	status, out, errs = says(t, dir, "connect", "list", "--json")
	var partners []credentials.Partner
	if err := json.Unmarshal([]byte(out), &partners); status != 0 || err != nil || len(partners) != 1 || partners[0].Subscribe[0].String() != "arbetsformedlingen/case.closed.v1" {
		t.Errorf("list: %d %v %s%s", status, err, out, errs)
	}
	if status, out, errs = says(t, dir, "connect", "revoke", "kund-1"); status != 0 || !strings.Contains(out, "does not answer") || !strings.Contains(out, "ATTENTION") {
		t.Errorf("revoke: %d %s%s", status, out, errs)
	}
	if status, out, _ = says(t, dir, "connect", "list", "--json"); status != 0 || strings.TrimSpace(out) != "[]" {
		t.Errorf("list after that: %d %s", status, out)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*", "*kund-1*")); err != nil || len(left) > 0 {
		t.Errorf("what is left: %v %v", left, err)
	}
	if made, err := credentials.Generate(dir, nil); err != nil || len(made) > 0 {
		t.Errorf("the folder is not as before: %v %v", made, err)
	}
}

func TestWhatCannotBeConnectedIsRefusedBeforeAnythingIsWritten(t *testing.T) {
	t.Parallel()
	dir := secrets(t)
	for name, args := range map[string][]string{
		"an unknown event":     {"connect", "add", "kund", "--subscribe", "arbetsformedlingen/case.lost"},
		"an unknown authority": {"connect", "add", "kund", "--publish", "nobody/contact"},
		"nothing":              {"connect", "add", "kund"},
		"a name in capitals":   {"connect", "add", "KUND", "--publish", "arbetsformedlingen/contact"},
		"nobody to revoke":     {"connect", "revoke", "kund"},
	} {
		if status, out, errs := says(t, dir, args...); status != 1 || out != "" || errs == "" {
			t.Errorf("%s: %d %q %q", name, status, out, errs)
		}
	}
	if files, err := filepath.Glob(filepath.Join(dir, "partners", "*.json")); err != nil || len(files) > 0 {
		t.Errorf("written: %v %v", files, err)
	}
	for _, option := range []string{"--dir", "--data"} {
		empty := t.TempDir()
		var out, errs bytes.Buffer
		status := Main([]string{"connect", "add", "kund", "--publish", "arbetsformedlingen/contact", option, empty}, &out, &errs)
		if left, _ := os.ReadDir(empty); status != 1 || len(left) > 0 || !strings.Contains(errs.String(), empty) {
			t.Errorf("%s of nothing: %d %s, made %v", option, status, errs.String(), left)
		}
	}
}

func TestACheckOfCredentialsWantsEveryServer(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"credentials", "check", "--dir", t.TempDir(), "--operations", "postgres://db/postgres"},
		{"credentials", "check", "--data", t.TempDir()},
	} {
		var out, errs bytes.Buffer
		if status := Main(args, &out, &errs); status != 1 || out.Len() > 0 || errs.Len() == 0 {
			t.Errorf("%v: %d %s %s", args, status, out.String(), errs.String())
		}
	}
}
