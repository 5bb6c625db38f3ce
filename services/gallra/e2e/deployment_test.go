package e2e

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"gallra.se/services/gallra/internal/client"
)

// root is the top of the project.
const root = "../../.."

// What `make e2e` says of the deployment that it has started.
const (
	addressSetting = "GALLRA_E2E"           // https://HOST:PORT of its gateway
	projectSetting = "COMPOSE_PROJECT_NAME" // its compose project
)

// deployment is the one that the tests run against.
type deployment struct {
	t     *testing.T
	url   string
	place client.Found
	api   *client.Client
}

// emptied is the deployment after a new beginning on a date of its clock.
func emptied(t *testing.T, date string) deployment {
	t.Helper()
	url := os.Getenv(addressSetting)
	if url == "" {
		t.Skip("needs a deployment in containers: make e2e starts one")
	}
	place, ok, err := client.Find(url)
	if err != nil || !ok {
		t.Fatalf("%s has left no place: %v", url, err)
	}
	d := deployment{t: t, url: url, place: place}
	if d.api, err = place.Client(); err != nil {
		t.Fatal(err)
	}
	start, err := time.Parse(time.DateOnly, date)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.api.Reset(t.Context(), start); err != nil {
		t.Fatal(err)
	}
	return d
}

// patient is a client that outlasts what is done to the deployment.
func (d deployment) patient() *client.Client {
	return d.api.Patient(client.NewPatience(func(text string) { d.t.Log(text) }))
}

// gallra runs a command as a process of its own, which finds the deployment's place.
func (d deployment) gallra(args ...string) (status int, out, errs string) {
	d.t.Helper()
	self, err := os.Executable()
	if err != nil {
		d.t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(d.t.Context(), self, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		d.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()
}

// reconciles wants the proof that nothing was lost.
func (d deployment) reconciles() {
	d.t.Helper()
	if status, out, errs := d.gallra("reconcile", "--url", d.url); status != 0 || strings.Contains(out, "FAIL") {
		d.t.Errorf("%d %s %s", status, out, errs)
	}
}

// compose is docker compose for this deployment.
func (d deployment) compose(args ...string) string {
	d.t.Helper()
	out, err := composed(d.t.Context(), args...)
	if err != nil {
		d.t.Fatal(err)
	}
	return out
}

func composed(ctx context.Context, args ...string) (string, error) {
	return run(ctx, root, "deploy/compose.sh", args...)
}

// docker is for what compose has no word for.
func (d deployment) docker(args ...string) string {
	d.t.Helper()
	out, err := run(d.t.Context(), "", "docker", args...)
	if err != nil {
		d.t.Fatal(err)
	}
	return out
}

func run(ctx context.Context, dir, program string, args ...string) (string, error) {
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &errs
	if err := cmd.Run(); err != nil {
		return out.String(), &commandError{append([]string{program}, args...), strings.TrimSpace(out.String() + errs.String()), err}
	}
	return out.String(), nil
}

// commandError says what a command said before it failed.
type commandError struct {
	command []string
	said    string
	err     error
}

func (e *commandError) Error() string {
	return strings.Join(e.command, " ") + ": " + e.err.Error() + ": " + e.said
}

func (e *commandError) Unwrap() error { return e.err }

// stopwatch is for figures that are told and not judged.
func stopwatch(t *testing.T, what string) func() {
	t.Helper()
	began := time.Now()
	return func() { t.Logf("%s took %s", what, time.Since(began).Round(time.Millisecond)) }
}
