package pg_test

import (
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
)

func TestADatabaseOfANewerGallraIsLeftAlone(t *testing.T) {
	t.Parallel()
	at := pgtest.New(t)
	one := &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE thing (n int);\n")}
	two := &fstest.MapFile{Data: []byte("-- +goose Up\nALTER TABLE thing ADD m int;\n")}
	must(t, pg.Migrate(t.Context(), at, fstest.MapFS{"sql/001_a.sql": one, "sql/002_b.sql": two}, "sql", "thing_version"))
	err := pg.Migrate(t.Context(), at, fstest.MapFS{"sql/001_a.sql": one}, "sql", "thing_version")
	if err == nil || !strings.Contains(err.Error(), "thing_version is at 2, this gallra knows 1: the database belongs to a newer gallra") {
		t.Fatalf("%v", err)
	}
	if pg.Unreachable(err) {
		t.Error("waiting would not help")
	}
}

func TestWhoStartsWaitsOnlyForWhatMayComeByItself(t *testing.T) {
	t.Parallel()
	good := pgtest.New(t)
	for name, c := range map[string]struct {
		spoil func(*url.URL)
		wait  bool
		says  string
	}{
		"nobody listens": {func(u *url.URL) {
			u.RawQuery = ""
			u.Host = "127.0.0.1:1"
		}, true, "refused"},
		"a name that nobody has": {func(u *url.URL) { u.RawQuery = ""; u.Host = "nowhere.invalid" }, true, "nowhere.invalid"},
		"a CA file that is not there": {func(u *url.URL) {
			u.Host, u.RawQuery = "127.0.0.1:1", "sslmode=verify-full&sslrootcert=/nowhere/ca.pem"
		}, false, "ca.pem"},
		"wrong password":   {func(u *url.URL) { u.User = url.UserPassword("nobody", "wrong") }, false, "refuses the role's login"},
		"no such database": {func(u *url.URL) { u.Path = "/none" }, false, "gallra provision"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at, err := url.Parse(good)
			must(t, err)
			c.spoil(at)
			_, err = pg.Open(t.Context(), at.String())
			if err == nil || pg.Unreachable(err) != c.wait || !strings.Contains(err.Error(), c.says) {
				t.Errorf("wait %v: %v", pg.Unreachable(err), err)
			}
			if strings.Contains(err.Error(), "wrong") {
				t.Error("the password is in the error")
			}
		})
	}
}
