package policy

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gallra.se/libs/calendar"
)

func pack(t *testing.T, authority string) *Pack {
	t.Helper()
	set, err := Load(Packs())
	if err != nil {
		t.Fatal(err)
	}
	p, ok := set.Pack(authority)
	if !ok {
		t.Fatalf("no pack for %s among %v", authority, set.Authorities())
	}
	return p
}

func TestEachChannelStoresExactlyWhatTheNoticeSays(t *testing.T) {
	t.Parallel()
	te := []string{"name", "nationalId", "address", "phoneNumber", "email", "text", "orgNumber"}
	for _, c := range []struct {
		authority, channel    string
		anonymous, identified []string
		category              string
		nothing               bool
	}{
		{"arbetsformedlingen", "phone", []string{"phoneNumber"}, []string{"phoneNumber", "name", "nationalId"}, "contact.phone-log", false},
		{"arbetsformedlingen", "chat", []string{"ipAddress", "text"}, []string{"ipAddress", "text", "name", "nationalId"}, "contact.chat", false},
		{"arbetsformedlingen", "chatbot", nil, nil, "", true},
		{"te-customer-service", "chat", te, te, "contact.chat", false},
		{"te-customer-service", "email", te, te, "contact.email", false},
	} {
		ch, ok := pack(t, c.authority).Channels[c.channel]
		if !ok {
			t.Errorf("%s has no channel %s", c.authority, c.channel)
			continue
		}
		if diff := cmp.Diff(Fields{c.anonymous, c.identified}, ch.Store); diff != "" || ch.Category != c.category || ch.StoresNothing != c.nothing {
			t.Errorf("%s %s: %s %v %s", c.authority, c.channel, ch.Category, ch.StoresNothing, diff)
		}
	}
	if got := pack(t, "arbetsformedlingen").Channels["chatbot"].IdleTimeout; got != 15*time.Minute {
		t.Errorf("an idle chatbot closes after %s", got)
	}
}

func TestAPackHasNoChannelTheNoticeDoesNotKnow(t *testing.T) {
	t.Parallel()
	for authority, want := range map[string]int{"arbetsformedlingen": 12, "te-customer-service": 3, "te-services": 3, "stockholm-labour-market-board": 4} {
		if got := len(pack(t, authority).Channels); got != want {
			t.Errorf("%s has %d channels, want %d", authority, got, want)
		}
	}
}

func TestEveryRuleEndsItsCategoryOnItsDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		authority, category, rule string
		trigger                   Trigger
		d0, gone, at              string
	}{
		{"arbetsformedlingen", "contact.phone-log", "AFC-10", ContactEnded, "2024-01-31", "2025-05-01", "2025-04-30T22:00:00Z"},
		{"arbetsformedlingen", "contact.chat", "AFC-21", ContactEnded, "2024-01-31", "2024-03-01", "2024-02-29T23:00:00Z"},
		{"arbetsformedlingen", "person.identity", "AFC-13", Deregistered, "2021-12-29", "2024-03-01", "2024-02-29T23:00:00Z"},
		{"arbetsformedlingen", "case.note", "AFC-13", Deregistered, "2025-09-15", "2027-11-16", "2027-11-15T23:00:00Z"},
		{"arbetsformedlingen", "case.file", "AFG-53", CaseClosed, "2024-02-29", "2027-02-28", "2027-02-27T23:00:00Z"},
		{"arbetsformedlingen", "statistics.row", "AFG-54", Separation, "2028-02-29", "2038-02-28", "2038-02-27T23:00:00Z"},
		{"te-customer-service", "contact.chat", "KSC-17", ContactEnded, "2025-10-15", "2026-04-14", "2026-04-13T21:00:00Z"},
		{"te-customer-service", "contact.email", "KSC-17", MailReceived, "2025-03-01", "2025-08-29", "2025-08-28T21:00:00Z"},
	} {
		r, ok := pack(t, c.authority).RuleOn(c.category, c.trigger)
		d0 := calendar.MustDate(c.d0)
		if !ok || r.ID != c.rule || r.GoneFrom(d0).String() != c.gone || r.DueAt(d0).Format(time.RFC3339) != c.at {
			t.Errorf("%s %s: %v %s gone from %s, %s", c.authority, c.category, ok, r.ID, r.GoneFrom(d0), r.DueAt(d0))
		}
	}
}

func TestOnlySwedenHasAStatutoryBound(t *testing.T) {
	t.Parallel()
	closed := calendar.MustDate("2024-03-31")
	if got := pack(t, "arbetsformedlingen").StatutoryBound("job-seeking", closed); got != calendar.MustDate("2027-12-31") {
		t.Errorf("bound %s, want 2027-12-31", got)
	}
	te := pack(t, "te-customer-service")
	if !te.StatutoryBound("job-seeking", closed).IsZero() || len(te.CaseLimits.Rules) != 0 || te.CaseLimits.Reason == "" {
		t.Errorf("the centre's pack invents a limit for cases: %v", te.CaseLimits)
	}
}

func TestTheEnforcementAuthorityGetsExactlyItsThreeItems(t *testing.T) {
	t.Parallel()
	r, ok := pack(t, "arbetsformedlingen").Recipient("SE-KFM")
	if !ok || !cmp.Equal(r.Fields, []string{"name", "nationalId", "registrationDates", "fund"}) || !cmp.Equal(r.Modes, []string{"direct", "medium"}) {
		t.Errorf("%v %+v", ok, r)
	}
}

func TestAuthoritiesAreListedInOrder(t *testing.T) {
	t.Parallel()
	if got := Default().Authorities(); !cmp.Equal(got, []string{"arbetsformedlingen", "stockholm-labour-market-board", "te-customer-service", "te-services"}) {
		t.Error(got)
	}
}
