package login

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"gallra.se/libs/clock"
)

// How long (Pace) a session lives at rest, and in all; and how long a login may take.
const (
	Rest     = 30 * time.Minute
	Longest  = 8 * time.Hour
	Patience = 10 * time.Minute
)

// Cookie is the name of the session's cookie.
const Cookie = "gallra-session"

// Sessions are who is logged in. They live in this process's memory: a console that starts again asks everybody to log in
// again, and there is one instance of it.
type Sessions struct{ scs *scs.SessionManager }

// NewSessions makes an empty set. secure says that browsers come by https.
func NewSessions(secure bool, log *slog.Logger) *Sessions {
	s := scs.New()
	s.IdleTimeout, s.Lifetime, s.HashTokenInStore = Rest, Longest, true
	s.Cookie.Name, s.Cookie.Secure, s.Cookie.Persist = Cookie, secure, false
	s.Cookie.HttpOnly, s.Cookie.SameSite = true, http.SameSiteLaxMode
	s.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		log.ErrorContext(r.Context(), "session not kept", "error", err.Error())
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
	}
	return &Sessions{s}
}

// Around gives a handler its caller's session.
func (s *Sessions) Around(next http.Handler) http.Handler { return s.scs.LoadAndSave(next) }

const (
	keyOfficer = "officer"
	keyPurpose = "purpose"
	keyPending = "pending"
)

// Officer is who is logged in; ok is false for anybody else.
func (s *Sessions) Officer(ctx context.Context) (o Officer, ok bool) {
	return o, s.get(ctx, keyOfficer, &o)
}

// Purpose is why the officer is looking, as chosen last; empty before the first choice.
func (s *Sessions) Purpose(ctx context.Context) string { return s.scs.GetString(ctx, keyPurpose) }

// Choose keeps a purpose.
func (s *Sessions) Choose(ctx context.Context, purpose string) {
	s.scs.Put(ctx, keyPurpose, purpose)
}

// End forgets everything of the session.
func (s *Sessions) End(ctx context.Context) error { return s.scs.Destroy(ctx) }

// pending is a login that has been begun: each of its secrets is good for one callback.
type pending struct {
	State    string    `json:"state"`
	Nonce    string    `json:"nonce"`
	Verifier string    `json:"verifier"` // of PKCE
	To       string    `json:"to"`       // where the officer was going
	Until    time.Time `json:"until"`
}

// expect begins a login in a session of a new id, which is over soon where nothing comes of it.
func (s *Sessions) expect(ctx context.Context, p pending) error {
	if err := s.scs.Clear(ctx); err != nil {
		return err
	}
	if err := s.scs.RenewToken(ctx); err != nil {
		return err
	}
	s.scs.SetDeadline(ctx, p.Until)
	return s.put(ctx, keyPending, p)
}

// expected takes the pending login out of the session: the same answer a second time finds none.
func (s *Sessions) expected(ctx context.Context) (p pending, ok bool) {
	ok = s.get(ctx, keyPending, &p)
	s.scs.Remove(ctx, keyPending)
	return p, ok && clock.PaceNow().Before(p.Until)
}

// admit makes the session the officer's, under a new id.
func (s *Sessions) admit(ctx context.Context, o Officer) error {
	if err := s.scs.Clear(ctx); err != nil {
		return err
	}
	if err := s.scs.RenewToken(ctx); err != nil {
		return err
	}
	return s.put(ctx, keyOfficer, o)
}

func (s *Sessions) put(ctx context.Context, key string, v any) error {
	text, err := json.Marshal(v)
	if err == nil {
		s.scs.Put(ctx, key, text)
	}
	return err
}

func (s *Sessions) get(ctx context.Context, key string, into any) bool {
	text := s.scs.GetBytes(ctx, key)
	return text != nil && json.Unmarshal(text, into) == nil
}
