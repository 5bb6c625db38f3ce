package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"gallra.se/libs/pg"
	"gallra.se/services/gallra/internal/credentials"
	"gallra.se/services/gallra/internal/embedded"
	"gallra.se/services/gallra/internal/provision"
)

// Running is the place of a `gallra up` that runs on this machine.
func Running(layout embedded.Layout) (Place, error) {
	server, err := layout.Running()
	if err != nil {
		return Place{}, err
	}
	return of(layout, func(name, password string) (string, error) { return entered(server, name, password) })
}

// Of is the place of a layout whose server leads to a database by name and password.
func of(layout embedded.Layout, enter func(name, password string) (string, error)) (Place, error) {
	p := Place{Databases: map[string]string{}, Keystores: map[string]string{}, LedgerKey: layout.LedgerKey()}
	for _, server := range credentials.Servers() {
		for _, name := range credentials.Databases(server) {
			password, err := layout.Credentials().Role(name)
			if err != nil {
				return p, err
			}
			if p.Databases[name], err = enter(name, password); err != nil {
				return p, err
			}
		}
	}
	for service := range holders {
		p.Keystores[service] = layout.Keystore(service)
	}
	return p, nil
}

// entered is a server's URL as the role of a database.
func entered(server, name, password string) (string, error) {
	address, err := url.Parse(server)
	if err != nil || address.Scheme == "" {
		return "", errors.New("the URL of a server must be postgres://HOST/")
	}
	address.User, address.Path = url.UserPassword(name, password), "/"+name
	return address.String(), nil
}

// Into makes a new data directory for `gallra up` and fills it: beside its place, where it comes when it is whole.
func Into(ctx context.Context, dir string, r Restoring) error {
	if err := unused(dir); err != nil {
		return err
	}
	half := filepath.Clean(dir) + ".half"
	if err := os.RemoveAll(half); err != nil {
		return fmt.Errorf("remove what an earlier restore left: %w", err)
	}
	if err := fill(ctx, half, r); err != nil {
		return errors.Join(err, os.RemoveAll(half))
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("replace %s: %w", dir, err)
	}
	if err := os.Rename(half, dir); err != nil {
		return fmt.Errorf("put the restored data in their place: %w", err)
	}
	return syncDir(filepath.Dir(filepath.Clean(dir)))
}

// unused wants a directory that is not there, or in which nothing is.
func unused(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("look at %s: %w", dir, err)
	case len(entries) > 0:
		return fmt.Errorf("%s %w", dir, errNotEmpty)
	}
	return nil
}

func fill(ctx context.Context, dir string, r Restoring) error {
	layout, err := embedded.Open(dir)
	if err != nil {
		return err
	}
	log, err := os.OpenFile(filepath.Join(layout.Logs(), "postgres.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	server, err := pg.Launch(ctx, pg.LaunchConfig{Dir: layout.Postgres(), Log: log})
	if err != nil {
		return err
	}
	err = fillFrom(ctx, layout, server, r)
	return errors.Join(err, server.Stop())
}

func fillFrom(ctx context.Context, layout embedded.Layout, server *pg.Server, r Restoring) (err error) {
	for _, part := range credentials.Servers() {
		if err := provision.Databases(ctx, server.Admin(), credentials.Databases(part), layout.Credentials().Role); err != nil {
			return err
		}
	}
	r.Place, err = of(layout, func(name, password string) (string, error) { return server.URL(name, name, password), nil })
	if err != nil {
		return err
	}
	return r.Into(ctx)
}
