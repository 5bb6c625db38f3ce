package policy

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gallra.se/libs/calendar"
)

// AFC-04, AFC-05, AFC-18, AFC-24: the instruction of 2007 is repealed, and what came before its end rests on it.
func TestAContactRestsOnTheLawOfItsDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		channel    string
		identified bool
		day        string
		want       []string
	}{
		{"phone", false, "2022-09-30", []string{"SFS 2017:900 section 6"}},
		{"phone", true, "2022-09-30", []string{"SFS 2017:900 section 6", "SFS 2007:1030"}},
		{"phone", true, "2022-10-01", []string{"SFS 2017:900 section 6", "SFS 2022:811"}},
		{"chat", true, "2022-09-30", []string{"SFS 2007:1030"}},
		{"chat", true, "2022-10-01", []string{"SFS 2022:811"}},
		{"chatbot", false, "2024-01-31", []string{"SFS 2017:900 section 6"}},
		{"screen-share", true, "2024-01-31", []string{"SFS 2017:900 section 6"}},
	} {
		p := pack(t, "arbetsformedlingen")
		if diff := cmp.Diff(c.want, p.BasesOn(p.Channels[c.channel], c.identified, calendar.MustDate(c.day))); diff != "" {
			t.Errorf("%s %v %s: %s", c.channel, c.identified, c.day, diff)
		}
	}
}

// KSC-05: of the six acts one was replaced on the first of January 2025.
func TestTheCentreRestsOnTheActInForce(t *testing.T) {
	t.Parallel()
	p := pack(t, "te-customer-service")
	for day, act := range map[string][2]string{"2024-12-31": {"FI 916/2012", "FI 380/2023"}, "2025-01-01": {"FI 380/2023", "FI 916/2012"}} {
		laws := p.BasesOn(p.Channels["chat"], true, calendar.MustDate(day))
		if !slices.Contains(laws, act[0]) || slices.Contains(laws, act[1]) || len(laws) != 7 {
			t.Errorf("%s: %v", day, laws)
		}
		if diff := cmp.Diff(laws, p.Laws(calendar.MustDate(day))); diff != "" {
			t.Error(diff)
		}
	}
}

// AFG-04, AFG-05, AFG-21, AFG-41, STH-03: nothing is processed without a law, on whatever day.
func TestEveryChannelAndCaseTypeRestsOnALaw(t *testing.T) {
	t.Parallel()
	for _, authority := range Default().Authorities() {
		p := pack(t, authority)
		for _, day := range []string{"2018-05-25", "2022-09-30", "2022-10-01", "2024-12-31", "2025-01-01", "2040-01-01"} {
			for name, channel := range p.Channels {
				for _, identified := range []bool{false, true} {
					if len(p.BasesOn(channel, identified, calendar.MustDate(day))) == 0 {
						t.Errorf("%s %s rests on no law on %s", authority, name, day)
					}
				}
			}
			if len(p.Laws(calendar.MustDate(day))) == 0 {
				t.Errorf("%s rests on no law on %s", authority, day)
			}
		}
		for _, name := range p.CaseTypes {
			if c, ok := p.CaseType(name); !ok || len(c.LegalBasis) == 0 || c.Persons == "" || c.Requirement == "" {
				t.Errorf("%s: case type %s: %+v", authority, name, c)
			}
		}
	}
	af := pack(t, "arbetsformedlingen")
	for name, persons := range map[string]string{"control": "job-seekers", "recruitment": "applicants", "supplier": "representatives", "finance": "customers"} {
		if c, _ := af.CaseType(name); c.Persons != persons {
			t.Errorf("cases of %s are about %s", name, c.Persons)
		}
	}
	if _, ok := af.CaseType("chess"); ok {
		t.Error("there are cases of chess")
	}
}
