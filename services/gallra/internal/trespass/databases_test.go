package trespass_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	"gallra.se/services/gallra/internal/credentials"
	"gallra.se/services/gallra/internal/provision"
	"gallra.se/services/gallra/internal/trespass"
)

// servers are two of them: data and keys on one, statistics on the other.
func servers(t *testing.T) (folder credentials.Folder, urls map[string]string, launched map[string]*pg.Server) {
	t.Helper()
	folder = credentials.Private(filepath.Join(t.TempDir(), "keys"), t.TempDir())
	if err := folder.Open(); err != nil {
		t.Fatal(err)
	}
	one, two := pgtest.Launch(t), pgtest.Launch(t)
	launched = map[string]*pg.Server{credentials.Operations: one, credentials.Keys: one, credentials.Statistics: two}
	urls = map[string]string{}
	for part, server := range launched {
		if err := provision.Databases(t.Context(), server.Admin(), credentials.Databases(part), folder.Role); err != nil {
			t.Fatal(err)
		}
		urls[part] = fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", server.Port())
	}
	return folder, urls, launched
}

func asSuperuser(t *testing.T, server *pg.Server, database string, statements ...string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), server.SuperuserURL(database))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for _, statement := range statements {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

func TestNoRoleEntersAnothersDatabaseOrUsesItsTables(t *testing.T) {
	t.Parallel()
	folder, urls, launched := servers(t)
	asSuperuser(t, launched[credentials.Operations], "ledger", "CREATE TABLE leaf (n int)", "ALTER TABLE leaf OWNER TO ledger")
	attempts, err := trespass.Databases(t.Context(), folder.Passwords(), urls)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range trespass.Wrong(attempts) {
		t.Errorf("%+v", a)
	}
	own := 0
	for _, tally := range trespass.Tallies(attempts) {
		own += tally.Own
	}
	if own != 10 || len(attempts) < 100 {
		t.Errorf("%d attempts, %d of them at one's own door", len(attempts), own)
	}
	t.Run("what is open is found", func(t *testing.T) {
		asSuperuser(t, launched[credentials.Operations], "ledger", "GRANT SELECT ON leaf TO disclosure", "GRANT CONNECT ON DATABASE intake TO case_linker", "ALTER ROLE clock CREATEROLE")
		asSuperuser(t, launched[credentials.Statistics], "postgres", "REVOKE CONNECT ON DATABASE statistics FROM statistics", "ALTER DATABASE statistics OWNER TO statistics_keys")
		attempts, err := trespass.Databases(t.Context(), folder.Passwords(), urls)
		if err != nil {
			t.Fatal(err)
		}
		found := map[trespass.Attempt]bool{}
		for _, a := range trespass.Wrong(attempts) {
			found[a] = true
		}
		for _, want := range []trespass.Attempt{
			{Who: "role disclosure", What: "use tables of ledger", Could: true},
			{Who: "role case_linker", What: "enter intake of operations/keys", Could: true},
			{Who: "role clock", What: "be more than itself", Could: true},
			{Who: "role statistics", What: "enter statistics of statistics", May: true},
		} {
			if !found[want] {
				t.Errorf("%+v is not found in %v", want, found)
			}
		}
	})
}
