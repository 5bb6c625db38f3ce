package login

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alexedwards/scs/v2/memstore"
)

// desk is a browser and a set of sessions whose time stands still until the test moves it.
type desk struct {
	*Sessions
	cookie *http.Cookie
}

func newDesk(secure bool) *desk {
	d := &desk{Sessions: NewSessions(secure, slog.New(slog.DiscardHandler))}
	synctest.Wait()                                // for the store to have begun
	d.scs.Store.(*memstore.MemStore).StopCleanup() // else the test's time would go on for ever
	return d
}

// visit says whether an officer is logged in, after having done something.
func (d *desk) visit(do func(r *http.Request)) (in bool) {
	r := httptest.NewRequest(http.MethodGet, "/officer", nil)
	if d.cookie != nil {
		r.AddCookie(d.cookie)
	}
	w := httptest.NewRecorder()
	d.Around(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if do != nil {
			do(r)
		}
		_, in = d.Officer(r.Context())
	})).ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		d.cookie = c
	}
	return in
}

func (d *desk) login(t *testing.T) {
	t.Helper()
	if !d.visit(func(r *http.Request) {
		if err := d.admit(r.Context(), Officer{Account: "karin", Authority: "arbetsformedlingen"}); err != nil {
			t.Fatal(err)
		}
	}) {
		t.Fatal("not logged in")
	}
}

func TestASessionEndsAfterHalfAnHourOfRest(t *testing.T) {
	t.Parallel()
	for rest, in := range map[time.Duration]bool{Rest - time.Second: true, Rest + time.Second: false} {
		synctest.Test(t, func(t *testing.T) {
			d := newDesk(false)
			d.login(t)
			time.Sleep(rest)
			if got := d.visit(nil); got != in {
				t.Errorf("after %s: %v", rest, got)
			}
		})
	}
}

func TestASessionEndsAfterEightHoursWhateverIsDone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(false)
		d.login(t)
		for range 23 { // every twenty minutes
			time.Sleep(20 * time.Minute)
			if !d.visit(nil) {
				t.Fatal("ended early")
			}
		}
		time.Sleep(20*time.Minute - time.Second)
		if !d.visit(nil) {
			t.Error("ended a second early")
		}
		time.Sleep(2 * time.Second)
		if d.visit(nil) {
			t.Error("is still open")
		}
	})
}

func TestALoginThatNobodyFinishesIsForgottenAfterTenMinutes(t *testing.T) {
	t.Parallel()
	for wait, open := range map[time.Duration]bool{Patience - time.Second: true, Patience + time.Second: false} {
		synctest.Test(t, func(t *testing.T) {
			d := newDesk(false)
			d.visit(func(r *http.Request) {
				if err := d.expect(r.Context(), pending{State: "s", Until: time.Now().Add(Patience)}); err != nil {
					t.Fatal(err)
				}
			})
			time.Sleep(wait)
			d.visit(func(r *http.Request) {
				if _, ok := d.expected(r.Context()); ok != open {
					t.Errorf("after %s: %v", wait, ok)
				}
			})
			d.visit(func(r *http.Request) {
				if _, ok := d.expected(r.Context()); ok {
					t.Error("a second time")
				}
			})
		})
	}
}

func TestACookieIsForHttpsAloneWhereTheConsoleIs(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			d := newDesk(secure)
			d.login(t)
			if d.cookie.Secure != secure || !d.cookie.HttpOnly || d.cookie.SameSite != http.SameSiteLaxMode || !d.cookie.Expires.IsZero() {
				t.Errorf("%+v", d.cookie)
			}
		})
	}
}
