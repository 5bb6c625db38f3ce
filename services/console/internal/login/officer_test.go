package login

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gallra.se/libs/bearer"
	"gallra.se/libs/calendar"
)

var known = []string{"arbetsformedlingen", "te-services"}

func TestTheClaimsOfAnAccountAreReadByTheirConfiguredNames(t *testing.T) {
	t.Parallel()
	names, err := DefaultNames().With(map[string]string{"authority": "org", "roles": "groups", "trained": "course", "account": "upn"})
	if err != nil {
		t.Fatal(err)
	}
	o, err := OfficerOf([]byte(`{"sub":"7","upn":"karin","name":"Karin Ek","org":["te-services"],"groups":["dpo","staff","dpo"],"gallra_undertaking":"2027-03-31",
		"course":"2026-01-15","gallra_appointed":"true","family_name":"Ek","address":"Provgatan 1"}`), names, known)
	want := Officer{Account: "karin", Display: "Karin Ek", Authority: "te-services", Roles: []string{"dpo"}, Undertaking: "2027-03-31", Trained: true,
		TrainedOn: "2026-01-15", Family: "Ek", Street: "Provgatan 1"} // appointed is a word, not a fact
	if diff := cmp.Diff(want, o); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if _, err := DefaultNames().With(map[string]string{"shoe": "size"}); err == nil {
		t.Error("a name that means nothing is taken")
	}
}

// TES-04, KSC-24, L-05
func TestAnUndertakingIsGoodThroughItsLastDayAndTrainingFromItsDay(t *testing.T) {
	t.Parallel()
	o := Officer{Undertaking: "2026-03-31", Trained: true, TrainedOn: "2026-01-15"}
	for day, want := range map[string][2]bool{
		"2026-01-14": {true, false}, "2026-01-15": {true, true}, "2026-03-31": {true, true}, "2026-04-01": {false, true},
	} {
		today := calendar.MustDate(day)
		if got := [2]bool{o.Bound(today), o.Taught(today)}; got != want {
			t.Errorf("%s: %v", day, got)
		}
	}
	stockholm, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		t.Fatal(err)
	}
	late := time.Date(2026, 3, 31, 22, 30, 0, 0, time.UTC) // already the first of April there
	if o.Claims(late, stockholm).Undertaking || !o.Claims(late.Add(-time.Hour), stockholm).Undertaking {
		t.Error("the day is not the authority's")
	}
	for _, none := range []Officer{{}, {Undertaking: "soon"}, {Undertaking: "2026-02-30"}} {
		if none.Bound(calendar.MustDate("2026-01-01")) || none.Taught(calendar.MustDate("2026-01-01")) {
			t.Errorf("%+v", none)
		}
	}
	claims := Officer{Account: "k", Authority: "a", Roles: []string{"dpo"}, Appointed: true, Family: "Ek", Street: "P 1"}.Claims(late, stockholm)
	want := bearer.Claims{Authority: "a", Name: "k", Roles: []string{"dpo"}, Appointed: true, FamilyName: "Ek", Street: "P 1"}
	if diff := cmp.Diff(want, claims); diff != "" {
		t.Error(diff)
	}
}

// Whatever a provider says, whoever is let in is of one known authority and has a role that people have.
func FuzzOfficerOf(f *testing.F) {
	for _, seed := range []string{
		`{"sub":"1","gallra_authority":"arbetsformedlingen","gallra_roles":["case-officer"]}`, `{"sub":"1","gallra_authority":["arbetsformedlingen"],"gallra_roles":"dpo"}`,
		`{"gallra_authority":{"a":1}}`, `[]`, `null`, `{"address":{"street_address":7},"gallra_trained":"2026-01-01","gallra_undertaking":1}`, `{"sub":`, "\x00",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, claims []byte) {
		o, err := OfficerOf(claims, DefaultNames(), known)
		var account ErrAccount
		if err != nil {
			if errors.As(err, &account) && account.Why == "" {
				t.Error("refused without saying why")
			}
			return
		}
		if o.Account == "" || !slices.Contains(known, o.Authority) || len(o.Roles) == 0 || len(o.Street) > longest {
			t.Errorf("%+v", o)
		}
		for _, role := range o.Roles {
			if !slices.Contains(staff, role) {
				t.Errorf("the role %q", role)
			}
		}
		if day := calendar.MustDate("2026-01-01"); o.Undertaking == "" && o.Bound(day) {
			t.Error("bound without an undertaking")
		}
	})
}

func TestAnAddressFromOutsideStaysWithin(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]string{
		"/officer/find": "/officer/find", "/officer": "/officer", "/officer/review?week=2026-W47": "/officer/review?week=2026-W47",
		"": Start, "/": Start, "/officers": Start, "https://e.example/officer/": Start, "//e.example/officer/x": Start, "/officer/\\x": Start, "/officer/a\nb": Start, "%zz": Start,
	} {
		if got := within(to); got != want {
			t.Errorf("%q: %q", to, got)
		}
	}
}

// FuzzWithin: wherever a login was asked to lead, a browser stays on the officers' pages of this site.
func FuzzWithin(f *testing.F) {
	for _, seed := range []string{"/officer", "/officer/find?x=y", "//e.example/officer/", "/officer/../..//e.example", "https://e.example/officer/", "/officer/%2f%2fe.example", "\\\\e.example", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, to string) {
		got := within(to)
		at, err := url.Parse(got)
		if err != nil || at.IsAbs() || at.Host != "" || at.Path != Start && !strings.HasPrefix(at.Path, Start+"/") || strings.ContainsAny(got, "\r\n\\") {
			t.Errorf("%q leads to %q", to, got)
		}
	})
}
