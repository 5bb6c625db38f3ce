package pg_test

import (
	"testing"

	"gallra.se/libs/pg"
	"github.com/jackc/pgx/v5"
)

func TestOnlyTheOwnerConnectsToADatabase(t *testing.T) {
	t.Parallel()
	server := launch(t, shared(t), nil)
	admin := pg.NewAdmin(server.SuperuserURL("postgres"))
	for range 2 {
		for _, role := range []string{"alpha", "beta"} {
			must(t, admin.EnsureRole(t.Context(), role, "pw-'"+role))
		}
		must(t, admin.EnsureDatabase(t.Context(), "alpha", "alpha"))
		must(t, admin.CloseDefaults(t.Context()))
	}
	exec(t, server.URL("alpha", "alpha", "pw-'alpha"), `CREATE TABLE public.own (n int)`)
	for what, url := range map[string]string{
		"another role":              server.URL("alpha", "beta", "pw-'beta"),
		"wrong password":            server.URL("alpha", "alpha", "pw"),
		"the server's own database": server.URL("postgres", "alpha", "pw-'alpha"),
		"the server's template":     server.URL("template1", "alpha", "pw-'alpha"),
	} {
		if conn, err := pgx.Connect(t.Context(), url); err == nil {
			conn.Close(t.Context())
			t.Errorf("%s: got in", what)
		}
	}
}

func TestARoleThatWasGivenMoreLosesItAgain(t *testing.T) {
	t.Parallel()
	server := launch(t, shared(t), nil)
	exec(t, server.SuperuserURL("postgres"), `CREATE ROLE gamma SUPERUSER CREATEDB CREATEROLE REPLICATION BYPASSRLS`)
	must(t, server.Admin().EnsureRole(t.Context(), "gamma", "pw"))
	var more bool
	must(t, connect(t, server.SuperuserURL("postgres")).QueryRow(t.Context(),
		`SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls FROM pg_roles WHERE rolname = 'gamma'`).Scan(&more))
	if more {
		t.Error("gamma may still do more than log in")
	}
}
