package pg

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Admin makes roles and databases on any server that a superuser's URL leads to. No
// service is ever given one.
type Admin struct {
	url  string
	conn *pgx.Conn // within a Session; else each thing that is done connects by itself
}

// NewAdmin administers the server at url, whatever database it names.
func NewAdmin(url string) Admin { return Admin{url: url} }

// Admin administers this server.
func (s *Server) Admin() Admin { return NewAdmin(s.SuperuserURL("postgres")) }

// Session lets many things be done over one connection.
func (a Admin) Session(ctx context.Context, do func(Admin) error) error {
	conn, err := pgx.Connect(ctx, a.url)
	if err != nil {
		return fmt.Errorf("connect to administer the server: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return do(Admin{a.url, conn})
}

// EnsureRole makes the role, or gives an existing one this password. It may log in and
// nothing else.
func (a Admin) EnsureRole(ctx context.Context, name, password string) error {
	return a.administer(ctx, "role "+name, func(conn *pgx.Conn) error {
		var exists bool
		if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)`, name).Scan(&exists); err != nil {
			return err
		}
		verb := "CREATE"
		if exists {
			verb = "ALTER"
		}
		// A role statement takes no parameters: quoted by the server itself.
		var statement string
		err := conn.QueryRow(ctx, `SELECT format('%s ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD %L',
			$1::text, $2::text, $3::text)`, verb, name, password).Scan(&statement)
		if err != nil {
			return err
		}
		_, err = conn.Exec(ctx, statement)
		return err
	})
}

// EnsureDatabase makes the database if there is none. Only its owner may connect.
func (a Admin) EnsureDatabase(ctx context.Context, name, owner string) error {
	return a.administer(ctx, "database "+name, func(conn *pgx.Conn) error {
		var exists bool
		if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, name).Scan(&exists); err != nil {
			return err
		}
		database, role := pgx.Identifier{name}.Sanitize(), pgx.Identifier{owner}.Sanitize()
		if !exists {
			if _, err := conn.Exec(ctx, "CREATE DATABASE "+database+" OWNER "+role+" TEMPLATE template0"); err != nil {
				return err
			}
		}
		if _, err := conn.Exec(ctx, "REVOKE ALL ON DATABASE "+database+" FROM PUBLIC"); err != nil {
			return err
		}
		_, err := conn.Exec(ctx, "GRANT CONNECT ON DATABASE "+database+" TO "+role)
		return err
	})
}

// CloseDefaults shuts the databases that a server brings along to everyone but
// superusers: by default every role may connect to them.
func (a Admin) CloseDefaults(ctx context.Context) error {
	return a.administer(ctx, "that nobody enters the server's own databases", func(conn *pgx.Conn) error {
		for _, name := range []string{"postgres", "template1"} {
			if _, err := conn.Exec(ctx, "REVOKE ALL ON DATABASE "+name+" FROM PUBLIC"); err != nil {
				return err
			}
		}
		return nil
	})
}

func (a Admin) administer(ctx context.Context, what string, do func(*pgx.Conn) error) error {
	conn := a.conn
	if conn == nil {
		var err error
		if conn, err = pgx.Connect(ctx, a.url); err != nil {
			return fmt.Errorf("connect to ensure %s: %w", what, err)
		}
		defer conn.Close(context.WithoutCancel(ctx))
	}
	if err := do(conn); err != nil {
		return fmt.Errorf("ensure %s: %w", what, err)
	}
	return nil
}
