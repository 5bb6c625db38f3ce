package provision

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/pg"
	"gallra.se/services/gallra/internal/assembly"
	"gallra.se/services/gallra/internal/credentials"
)

// Config is what a part is told.
type Config struct {
	Servers   map[string]string     // credentials.Operations, … → URL of its superuser without the password
	Passwords credentials.Passwords // of roles and superusers
	Nats      assembly.Nats         // CoreUser or StatisticsUser
	Readers   []credentials.Reader  // core alone
	Log       *slog.Logger
}

// Core provides for everything but the statistics' side.
func Core(ctx context.Context, c Config) error {
	for _, server := range []string{credentials.Operations, credentials.Keys} {
		if err := c.server(ctx, server); err != nil {
			return err
		}
	}
	return c.streams(ctx, func(ctx context.Context, nc *nats.Conn) error { return Streams(ctx, nc, c.Readers) })
}

// Statistics provides for the statistics' side.
func Statistics(ctx context.Context, c Config) error {
	if err := c.server(ctx, credentials.Statistics); err != nil {
		return err
	}
	return c.streams(ctx, StatisticsStream)
}

func (c Config) server(ctx context.Context, name string) error {
	address, err := c.superuser(name)
	if err != nil {
		return err
	}
	passwords := map[string]string{}
	for _, role := range credentials.Databases(name) {
		if passwords[role], err = c.Passwords.Read(role); err != nil {
			return err
		}
	}
	err = await(ctx, c.Log, name, pg.Unreachable, func(ctx context.Context) error {
		return Databases(ctx, pg.NewAdmin(address), credentials.Databases(name), func(role string) (string, error) { return passwords[role], nil })
	})
	if pg.Code(err) == "28P01" {
		return fmt.Errorf("the %s server refuses its superuser: the password %s is not the one that it was first started with. Put that one back; or, where nothing is in the server yet, remove its volume and start again: %w",
			name, credentials.Superuser(name), err)
	}
	if err != nil {
		return fmt.Errorf("provide for the %s server: %w", name, err)
	}
	c.Log.InfoContext(ctx, "databases are there", "server", name, "databases", credentials.Databases(name))
	return nil
}

// superuser is the URL with the password in it. No error shows it.
func (c Config) superuser(server string) (string, error) {
	address, err := pg.WithPassword(c.Servers[server], func() (string, error) { return c.Passwords.Read(credentials.Superuser(server)) })
	if errors.Is(err, pg.ErrURL) {
		return "", fmt.Errorf("the URL of the %s server must be postgres://SUPERUSER@HOST/postgres", server)
	}
	return address, err
}

func (c Config) streams(ctx context.Context, do func(context.Context, *nats.Conn) error) error {
	err := await(ctx, c.Log, "nats", assembly.NatsMayCome, func(ctx context.Context) error {
		nc, err := assembly.Connect(c.Nats, c.Nats.User, c.Log)
		if err != nil {
			return err
		}
		defer nc.Close()
		return do(ctx, nc)
	})
	if err != nil {
		return fmt.Errorf("provide for NATS: %w", err)
	}
	c.Log.InfoContext(ctx, "streams are there", "user", c.Nats.User)
	return nil
}
