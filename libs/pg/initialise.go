package pg

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// handedOver is how a child names the directory that it got as an open
// descriptor. So the server's user need not be able to enter the parents: the
// data may lie under /root.
const handedOver = "/proc/self/fd/3"

// initialise makes dir/data if there is none and returns the superuser's
// password. A crash leaves data.new, which the next attempt throws away.
func initialise(ctx context.Context, bin, dir string, as *syscall.Credential, sync bool) (string, error) {
	data, secret := filepath.Join(dir, "data"), filepath.Join(dir, "superuser")
	if _, err := os.Stat(data); err == nil {
		password, err := os.ReadFile(secret)
		if err != nil {
			return "", fmt.Errorf("read superuser's password: %w", err)
		}
		return string(password), own(data, as)
	}
	password := rand.Text()
	if err := os.WriteFile(secret, []byte(password), 0o600); err != nil {
		return "", fmt.Errorf("keep superuser's password: %w", err)
	}
	fresh := data + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return "", fmt.Errorf("remove half-made data: %w", err)
	}
	if err := os.Mkdir(fresh, 0o700); err != nil {
		return "", fmt.Errorf("make data directory: %w", err)
	}
	if err := own(fresh, as); err != nil {
		return "", err
	}
	if err := initdb(ctx, bin, fresh, password, as, sync); err != nil {
		return "", err
	}
	if err := os.Rename(fresh, data); err != nil {
		return "", fmt.Errorf("put data in place: %w", err)
	}
	return password, nil
}

func initdb(ctx context.Context, bin, fresh, password string, as *syscall.Credential, sync bool) error {
	dir, err := os.Open(fresh)
	if err != nil {
		return fmt.Errorf("open data directory: %w", err)
	}
	defer dir.Close()
	secret, err := os.CreateTemp("", "gallra-initdb-")
	if err != nil {
		return fmt.Errorf("hand over password: %w", err)
	}
	defer secret.Close()
	defer os.Remove(secret.Name())
	if _, err := secret.WriteString(password + "\n"); err != nil {
		return fmt.Errorf("hand over password: %w", err)
	}
	if err := own(secret.Name(), as); err != nil {
		return err
	}
	args := []string{"-D", handedOver, "-U", superuser, "--pwfile=/proc/self/fd/4",
		"--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-instructions"}
	if !sync {
		args = append(args, "--no-sync")
	}
	var said bytes.Buffer
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), args...)
	cmd.Dir, cmd.Env = "/", environment()
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.ExtraFiles = []*os.File{dir, secret}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, bytes.TrimSpace(said.Bytes()))
	}
	return nil
}

// environment is all that a child gets of ours: no PG* variable of the caller
// can lead it astray.
func environment() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
}
