package pg

import (
	"context"
	"fmt"
	"net/url"
	"strconv"

	"github.com/jackc/pgx/v5"
)

// URL is the address of database db for role, over the unix socket.
func (s *Server) URL(db, role, password string) string {
	query := url.Values{"host": {s.socket}, "port": {strconv.Itoa(s.port)}, "sslmode": {"disable"}}
	address := url.URL{Scheme: "postgres", User: url.UserPassword(role, password), Path: "/" + db, RawQuery: query.Encode()}
	return address.String()
}

// SuperuserURL is the address for administration; no service is ever given it.
func (s *Server) SuperuserURL(db string) string { return s.URL(db, superuser, s.password) }

// Port is the server's port on 127.0.0.1.
func (s *Server) Port() int { return s.port }

// EnsureRole makes the role, or gives an existing one this password.
func (s *Server) EnsureRole(ctx context.Context, name, password string) error {
	return s.administer(ctx, "role "+name, func(conn *pgx.Conn) error {
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
		err := conn.QueryRow(ctx, `SELECT format('%s ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD %L', $1::text, $2::text, $3::text)`,
			verb, name, password).Scan(&statement)
		if err != nil {
			return err
		}
		_, err = conn.Exec(ctx, statement)
		return err
	})
}

// EnsureDatabase makes the database if there is none. Only its owner may connect.
func (s *Server) EnsureDatabase(ctx context.Context, name, owner string) error {
	return s.administer(ctx, "database "+name, func(conn *pgx.Conn) error {
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

func (s *Server) administer(ctx context.Context, what string, do func(*pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, s.SuperuserURL("postgres"))
	if err != nil {
		return fmt.Errorf("connect to ensure %s: %w", what, err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if err := do(conn); err != nil {
		return fmt.Errorf("ensure %s: %w", what, err)
	}
	return nil
}
