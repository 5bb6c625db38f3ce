package scenario

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/embedded"
	"gallra.se/services/gallra/internal/launch"
	"gallra.se/services/gallra/internal/needles"
)

// own is a system that lives for one file.
type own struct {
	system *launch.System
	keep   bool
	dir    string
	local
}

// Own starts a system of its own for a file, its clock at the file's first step.
func Own(ctx context.Context, file *File, keep bool) (Bench, error) {
	dir, err := os.MkdirTemp("", "gallra-"+file.ID+"-")
	if err != nil {
		return nil, fmt.Errorf("make a directory for %s: %w", file.ID, err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return nil, fmt.Errorf("open the directory for %s: %w", file.ID, err)
	}
	b := &own{keep: keep, dir: dir}
	first := "--clock=simulated=" + file.Steps[0].At.UTC().Format(time.RFC3339)
	if b.system, err = launch.Start(ctx, launch.Options{Dir: filepath.Join(dir, "data"), Args: []string{first}}); err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	if b.local, err = at(b.system.URL, b.system.Dir); err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

func (b *own) Close() {
	b.system.Stop()
	if !b.keep {
		os.RemoveAll(b.dir)
	}
}

// Dir is where the system's data lie, for who wants to keep them.
func (b *own) Dir() string { return b.dir }

// local is a system whose data directory is on this machine.
type local struct {
	url      string
	dir      string
	key      ed25519.PrivateKey
	operator *client.Client
}

func at(url, dir string) (local, error) {
	key, err := embedded.ReadTokenKey(embedded.Layout{Dir: dir}.TokenKey())
	if err != nil {
		return local{}, err
	}
	l := local{url: url, dir: dir, key: key}
	l.operator, err = l.As("arbetsformedlingen", "operator", []string{"operator"}, false)
	return l, err
}

func (l local) Operator() *client.Client { return l.operator }

// tokenLife is longer than a file runs (Pace).
const tokenLife = 24 * time.Hour

func (l local) As(authority, name string, roles []string, appointed bool) (*client.Client, error) {
	claims := bearer.Claims{Authority: authority, Name: name, Roles: roles, Appointed: appointed}
	token, err := bearer.Sign(l.key, claims, clock.PaceNow(), tokenLife)
	if err != nil {
		return nil, err
	}
	return client.With(l.url, nil).As(token), nil
}

func (l local) Scan(ctx context.Context, set *needles.Set) ([]needles.Find, error) {
	return set.ScanDir(ctx, l.dir)
}

// standing is a system that was up before and stays up.
type standing struct{ local }

func (standing) Close() {}

// Standing runs files on the system at url, whose data directory must be on this machine.
func Standing(url string) (Bench, error) {
	found, ok, err := client.Find(url)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fmt.Errorf("no system on this machine has left its place for %s", url)
	}
	l, err := at(url, found.DataDir)
	return standing{l}, err
}
