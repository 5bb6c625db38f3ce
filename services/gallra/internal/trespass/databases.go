package trespass

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/pg"
	"gallra.se/services/gallra/internal/credentials"
)

// server is one PostgreSQL with the databases that are on it. In a system on one machine
// it is all three of a deployment's.
type server struct {
	address   string
	names     []string
	databases []string
}

// serversOf groups a deployment's servers, whose URLs name no password, by where they are.
func serversOf(urls map[string]string) []server {
	var all []server
	for _, name := range credentials.Servers() {
		if urls[name] == "" {
			continue
		}
		i := slices.IndexFunc(all, func(s server) bool { return s.address == urls[name] })
		if i < 0 {
			i, all = len(all), append(all, server{address: urls[name]})
		}
		all[i].names = append(all[i].names, name)
		all[i].databases = append(all[i].databases, credentials.Databases(name)...)
	}
	return all
}

// Databases tries every role with its password at every database of every server, and, from
// within its own, asks what others might do with its tables.
func Databases(ctx context.Context, passwords credentials.Passwords, urls map[string]string) (attempts []Attempt, err error) {
	servers := serversOf(urls)
	for _, home := range credentials.Servers() {
		for _, role := range credentials.Databases(home) {
			password, err := passwords.Read(role)
			if err != nil {
				return nil, err
			}
			for _, s := range servers {
				tried, err := s.try(ctx, role, password, slices.Contains(s.names, home))
				if err != nil {
					return nil, fmt.Errorf("try the role %s at %s: %w", role, strings.Join(s.names, "/"), err)
				}
				attempts = append(attempts, tried...)
			}
		}
	}
	return attempts, nil
}

func (s server) try(ctx context.Context, role, password string, home bool) (attempts []Attempt, err error) {
	for _, database := range append(slices.Clone(s.databases), "postgres", "template1") {
		a := Attempt{Who: "role " + role, What: "enter " + database + " of " + strings.Join(s.names, "/"), May: home && database == role}
		conn, err := s.enter(ctx, role, password, database)
		if err != nil {
			return nil, err
		}
		if a.Could = conn != nil; a.Could {
			more, err := within(ctx, conn, role, database)
			_ = conn.Close(context.WithoutCancel(ctx))
			if err != nil {
				return nil, err
			}
			attempts = append(attempts, more...)
		}
		attempts = append(attempts, a)
	}
	return attempts, nil
}

// enter connects, or returns nil where the server refuses the role. No error shows the
// password.
func (s server) enter(ctx context.Context, role, password, database string) (*pgx.Conn, error) {
	address, err := url.Parse(s.address)
	if err != nil {
		return nil, errors.New("the URL of the server cannot be read")
	}
	address.User, address.Path = url.UserPassword(role, password), "/"+database
	conn, err := pgx.Connect(ctx, address.String())
	switch code := pg.Code(err); {
	case err == nil:
		return conn, nil
	case strings.HasPrefix(code, "28"), code == "42501":
		return nil, nil
	}
	return nil, err
}

// within looks around in a database that the role could enter: at what the role is beyond
// itself, and at what other roles may do with this database's tables.
func within(ctx context.Context, conn *pgx.Conn, role, database string) (attempts []Attempt, err error) {
	a := Attempt{Who: "role " + role, What: "be more than itself"}
	err = conn.QueryRow(ctx, `
		SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls
		    OR EXISTS (SELECT FROM pg_auth_members WHERE member = r.oid)
		FROM pg_roles AS r WHERE rolname = current_user`).Scan(&a.Could)
	if err != nil {
		return nil, fmt.Errorf("look at the role: %w", err)
	}
	attempts = append(attempts, a)
	rows, err := conn.Query(ctx, `
		SELECT rolname::text, has_database_privilege(rolname, current_database(), 'CONNECT, CREATE, TEMPORARY')
		    OR EXISTS (SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
		        WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%'
		        AND has_table_privilege(rolname, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER'))
		FROM pg_roles WHERE rolcanlogin AND NOT rolsuper AND rolname <> current_user ORDER BY rolname`)
	if err != nil {
		return nil, fmt.Errorf("look at others' rights: %w", err)
	}
	var other string
	var could bool
	_, err = pgx.ForEachRow(rows, []any{&other, &could}, func() error {
		attempts = append(attempts, Attempt{Who: "role " + other, What: "use tables of " + database, Could: could})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look at others' rights: %w", err)
	}
	return attempts, nil
}
