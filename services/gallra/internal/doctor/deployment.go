package doctor

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"gallra.se/libs/clock"
)

// Deployment is a system in containers that is to run, or runs, on this machine.
type Deployment struct {
	Secrets    string   // folder of its secrets
	Addresses  []string // what it publishes, HOST:PORT
	Project    string   // name that compose gives before its volumes'
	KeyServer  string   // address of the transit engine, where root keys are at a key server
	KeyPrefix  string
	Production bool
	Simulated  bool
}

// LookAtDeployment makes the checks of a deployment in containers.
func LookAtDeployment(ctx context.Context, d Deployment) []Finding {
	findings := []Finding{engine(ctx), plugin(ctx), secretsFolder(d.Secrets), secretFiles(d.Secrets), certificates(d.Secrets), kind(d)}
	findings = append(findings, volumes(ctx, d)...)
	for _, published := range d.Addresses {
		findings = append(findings, address(ctx, published, "set GALLRA_HTTPS_PORT or GALLRA_NATS_PORT"))
	}
	return append(findings, space("."), memory(), swap())
}

func engine(ctx context.Context) Finding {
	out, err := ask(ctx, "docker", "version", "--format", "{{.Server.Version}}")
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return Finding{"docker engine", Fail, "docker is not installed", "apt-get install -y docker.io"}
	case err != nil:
		return Finding{"docker engine", Fail, "no engine answers", "start it (systemctl start docker, or dockerd), and see that this user may use its socket"}
	}
	return Finding{"docker engine", Good, "version " + out, ""}
}

func plugin(ctx context.Context) Finding {
	out, err := ask(ctx, "docker", "compose", "version", "--short")
	if err != nil {
		return Finding{"docker compose", Fail, "the plugin is not installed", "install docker-compose-plugin, or let .ci/run build it from its Go module"}
	}
	if strings.HasPrefix(out, "1.") {
		return Finding{"docker compose", Fail, "version " + out + " is too old", "install version 2.20 or later"}
	}
	return Finding{"docker compose", Good, "version " + out, ""}
}

// askWithin bounds a question to the engine (Pace).
const askWithin = 10 * time.Second

func ask(ctx context.Context, name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	out, err := exec.CommandContext(ctx, name, args...).Output()
	return strings.TrimSpace(string(out)), err
}

// secretsFolder must be closed: the files in it are open, because each container runs as
// another user, and the closed top is what guards them.
func secretsFolder(dir string) Finding {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Finding{"secrets", Warn, dir + " is not there yet", "make up makes it at the first start"}
	case err != nil:
		return Finding{"secrets", Fail, dir + " cannot be looked at", "run this as the user who runs make up"}
	case info.Mode().Perm()&0o077 != 0:
		return Finding{"secrets", Fail, fmt.Sprintf("%s is open to others (mode %04o)", dir, info.Mode().Perm()), "chmod 0700 " + dir}
	}
	return Finding{"secrets", Good, dir + " is closed to others", ""}
}

// secretFiles must be readable by the containers' users, and what only the host needs by
// nobody else.
func secretFiles(dir string) Finding {
	var wrong []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if mode := info.Mode().Perm(); mode&0o022 != 0 {
			name, _ := filepath.Rel(dir, path)
			wrong = append(wrong, fmt.Sprintf("%s (%04o)", name, mode))
		}
		return nil
	})
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Finding{"secret files", Warn, "not there yet", "make up makes them"}
	case err != nil:
		return Finding{"secret files", Fail, "cannot be looked at", "run this as the user who runs make up"}
	case len(wrong) > 0:
		return Finding{"secret files", Fail, "others may write " + strings.Join(wrong, ", "), "chmod go-w them, and find out who did that"}
	}
	return Finding{"secret files", Good, "nobody else may write them", ""}
}

// soon is when a certificate should be renewed.
const soon = 30 * 24 * time.Hour

func certificates(dir string) Finding {
	paths, _ := filepath.Glob(filepath.Join(dir, "tls", "*.pem"))
	now, soonest, which := clock.PaceNow(), time.Time{}, ""
	for _, path := range paths {
		ends, err := endOf(path)
		if err != nil {
			return Finding{"certificates", Fail, filepath.Base(path) + " cannot be read", "delete it and run gallra deploy secrets"}
		}
		if soonest.IsZero() || ends.Before(soonest) {
			soonest, which = ends, filepath.Base(path)
		}
	}
	renew := "gallra deploy secrets, then make up"
	switch {
	case len(paths) == 0:
		return Finding{"certificates", Warn, "not there yet", "make up makes them"}
	case soonest.Before(now):
		return Finding{"certificates", Fail, which + " ended on " + soonest.Format(time.DateOnly), renew}
	case soonest.Before(now.Add(soon)):
		return Finding{"certificates", Warn, which + " ends on " + soonest.Format(time.DateOnly), renew}
	}
	return Finding{"certificates", Good, fmt.Sprintf("%d, the first ends on %s", len(paths), soonest.Format(time.DateOnly)), ""}
}

func endOf(path string) (time.Time, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return time.Time{}, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return time.Time{}, errors.New("no PEM")
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return time.Time{}, err
	}
	return certificate.NotAfter.UTC(), nil
}

func kind(d Deployment) Finding {
	switch {
	case d.Production && d.Simulated:
		return Finding{"kind", Fail, "GALLRA_PRODUCTION and a simulated clock", "leave out one of them: no service starts like this"}
	case d.Simulated:
		return Finding{"kind", Warn, "a simulated deployment: anyone with an operator's token moves its clock and empties it", "never for real persons"}
	case !d.Production:
		return Finding{"kind", Warn, "GALLRA_PRODUCTION is not set", "set GALLRA_PRODUCTION=1 in the environment of make up where the persons are real"}
	}
	return Finding{"kind", Good, "production", ""}
}
