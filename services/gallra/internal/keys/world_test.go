package keys

import (
	"context"
	"crypto/ed25519"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/bearer"
	"gallra.se/libs/bus/bustest"
	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
)

// world is a control and one holder, "intake", whose keyring is real. "away" has no
// instance.
type world struct {
	t    *testing.T
	nc   *nats.Conn
	ring *keyring.Ring
	web  http.Handler
	key  ed25519.PrivateKey
}

func newWorld(t *testing.T) *world {
	t.Helper()
	url := pgtest.From(t, "keys", func(ctx context.Context, url string) error { return pg.MigrateAll(ctx, url, keyring.Migration()) })
	db, err := pg.Open(t.Context(), url, pg.MaxConns(6))
	must(t, err)
	t.Cleanup(db.Close)
	files, err := keyring.FileStore(t.TempDir())
	must(t, err)
	w := &world{t: t, nc: bustest.Server(t)}
	w.ring, err = keyring.Open(t.Context(), db, files)
	must(t, err)
	must(t, Answer(t.Context(), w.nc, "intake", w.ring))
	public, private, err := ed25519.GenerateKey(nil)
	must(t, err)
	w.key = private
	w.web = (&Handler{NC: w.nc, Holders: []string{"intake", "away"}, Log: slog.New(slog.DiscardHandler)}).Behind(bearer.NewVerifier(public))
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// as asks with a role, or without a token where that is empty.
func (w *world) as(role, method, path, body string) *httptest.ResponseRecorder {
	w.t.Helper()
	request := httptest.NewRequest(method, path, strings.NewReader(body)).WithContext(w.t.Context())
	request.Header.Set("Content-Type", "application/json")
	if role != "" {
		token, err := bearer.Sign(w.key, bearer.Claims{Authority: "arbetsformedlingen", Name: "test", Roles: []string{role}}, clock.PaceNow(), time.Minute)
		must(w.t, err)
		request.Header.Set("Authorization", "Bearer "+token)
	}
	answer := httptest.NewRecorder()
	w.web.ServeHTTP(answer, request)
	return answer
}

func (w *world) generation() int64 {
	w.t.Helper()
	status, err := w.ring.Status(w.t.Context(), clock.PaceNow())
	must(w.t, err)
	return status.Generation
}
