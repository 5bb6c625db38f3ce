package decision_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"gallra.se/libs/policy"

	"gallra.se/services/disclosure/internal/decision"
)

func TestKronofogdenGetsItsThreeItemsAndNothingElse(t *testing.T) {
	t.Parallel()
	d := decision.Decide(pack(t, "arbetsformedlingen"), decision.Request{Recipient: "SE-KFM", Mode: "medium",
		Fields: []string{"fund", "address", "name", "nationalId", "phoneNumber", "registrationDates", "address"}})
	want := decision.Decision{Released: []string{"name", "nationalId", "registrationDates", "fund"},
		Withheld: []string{"address", "phoneNumber"}, Rule: "AFG-47"}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Error(diff)
	}
}

func TestNothingIsReleasedThatWasNotAskedFor(t *testing.T) {
	t.Parallel()
	d := decision.Decide(pack(t, "arbetsformedlingen"), decision.Request{Recipient: "SE-KFM", Mode: "direct", Fields: []string{"fund"}})
	if diff := cmp.Diff([]string{"fund"}, d.Released); diff != "" {
		t.Error(diff)
	}
}

func TestADenialCitesItsRequirement(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		authority string
		request   decision.Request
		rule      string
	}{
		"only unlisted fields":      {"arbetsformedlingen", decision.Request{Recipient: "SE-KFM", Mode: "medium", Fields: []string{"address"}}, "AFG-47"},
		"a way that is not listed":  {"arbetsformedlingen", decision.Request{Recipient: "SE-KFM", Mode: "carrier-pigeon", Fields: []string{"name"}}, "L-11"},
		"an authority not listed":   {"arbetsformedlingen", decision.Request{Recipient: "SE-UBM", Mode: "medium", Fields: []string{"name"}}, "AFG-48"},
		"with a law behind it":      {"arbetsformedlingen", decision.Request{Recipient: "SE-UBM", Mode: "medium", Fields: []string{"name"}, LawRef: "2023:456"}, "AFG-48"},
		"a company":                 {"arbetsformedlingen", decision.Request{Recipient: "Bolaget", Mode: "medium", Fields: []string{"name"}}, "AFG-47"},
		"another authority's lists": {"te-customer-service", decision.Request{Recipient: "SE-KFM", Mode: "medium", Fields: []string{"name"}}, "KSC-21"},
	} {
		d := decision.Decide(pack(t, row.authority), row.request)
		if d.Granted() || d.Rule != row.rule {
			t.Errorf("%s: %+v", name, d)
		}
	}
}

func pack(t *testing.T, authority string) *policy.Pack {
	t.Helper()
	set, err := policy.Load(policy.Packs())
	if err != nil {
		t.Fatal(err)
	}
	p, ok := set.Pack(authority)
	if !ok {
		t.Fatal("no pack")
	}
	return p
}
