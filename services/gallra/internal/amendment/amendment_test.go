package amendment_test

import (
	"strings"
	"testing"

	"gallra.se/libs/calendar"
	"gallra.se/services/gallra/internal/amendment"
)

var pack = map[string]string{
	"authority.yaml": `# Who we are.
authority: arbetsformedlingen
policyVersions: # oldest first
  - {version: "2021-01-01", validFrom: 2018-05-25}
  - {version: "2025-07-01", validFrom: 2025-07-01} # the new instruction
`,
	"channels.yaml": "channels: []   # untouched, blanks and all\n",
	"rules.yaml": `rules:
  # How long a chat stays.
  - id: AFC-21
    versions:
      - {validFrom: 2018-05-25, period: 29 days, mode: exact} # as in the notice
  - id: AFG-53
    versions:
      - validFrom: 2018-05-25
        period: 3 years
        mode: ceiling
`,
}

func day(t *testing.T, text string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestANewPeriodStandsAfterTheOldOneAndTheCommentsStay(t *testing.T) {
	t.Parallel()
	got, err := amendment.Write(pack, amendment.Amendment{Name: "shorter", Rule: "AFC-21", Period: "14 days", From: day(t, "2025-09-01")})
	if err != nil {
		t.Fatal(err)
	}
	for file, wants := range map[string][]string{
		"rules.yaml": {"- {validFrom: 2018-05-25, period: 29 days, mode: exact} # as in the notice\n      - {validFrom: 2025-09-01, period: 14 days, mode: exact}\n",
			"# How long a chat stays.", "period: 3 years"},
		"authority.yaml": {"# Who we are.", "# the new instruction\n  - {version: \"shorter\", validFrom: 2025-09-01}\n"},
	} {
		for _, want := range wants {
			if !strings.Contains(got[file], want) {
				t.Errorf("%s lacks %q:\n%s", file, want, got[file])
			}
		}
	}
	if got["channels.yaml"] != pack["channels.yaml"] {
		t.Errorf("a file that is not concerned changed: %q", got["channels.yaml"])
	}
	if strings.Contains(pack["rules.yaml"], "14 days") {
		t.Error("the files that were given changed")
	}
}

func TestAVersionThatBeginsOnTheDayIsTheOne(t *testing.T) {
	t.Parallel()
	got, err := amendment.Write(pack, amendment.Amendment{Name: "other", Rule: "AFG-53", Period: "2 years", From: day(t, "2025-07-01")})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(got["authority.yaml"], "other") || !strings.Contains(got["rules.yaml"], "{validFrom: 2025-07-01, period: 2 years, mode: ceiling}") {
		t.Errorf("%s%s", got["authority.yaml"], got["rules.yaml"])
	}
}

func TestAnAmendmentComesWhereItsDayBelongs(t *testing.T) {
	t.Parallel()
	got, err := amendment.Write(pack, amendment.Amendment{Name: "between", Rule: "AFC-21", Period: "1 month", From: day(t, "2020-01-01")})
	if err != nil {
		t.Fatal(err)
	}
	first, last := strings.Index(got["authority.yaml"], "between"), strings.Index(got["authority.yaml"], `"2025-07-01"`)
	if first < 0 || first > last {
		t.Error(got["authority.yaml"])
	}
}

func TestWhatCannotBeAmendedIsSaid(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]struct {
		files map[string]string
		what  amendment.Amendment
	}{
		"no rule AFC-99":                 {pack, amendment.Amendment{Name: "n", Rule: "AFC-99", Period: "1 month", From: day(t, "2025-08-01")}},
		"from 2018-05-25 is there":       {pack, amendment.Amendment{Name: "n", Rule: "AFC-21", Period: "1 month", From: day(t, "2018-05-25")}},
		"policy version 2021-01-01":      {pack, amendment.Amendment{Name: "2021-01-01", Rule: "AFC-21", Period: "1 month", From: day(t, "2025-08-01")}},
		"no list policyVersions":         {map[string]string{"rules.yaml": pack["rules.yaml"]}, amendment.Amendment{Name: "n", Rule: "AFC-21", Period: "1 month", From: day(t, "2025-08-01")}},
		"read rules.yaml":                {map[string]string{"rules.yaml": "rules: ["}, amendment.Amendment{}},
		"AFC-21 has no version to go by": {map[string]string{"r.yaml": "rules: [{id: AFC-21, versions: []}]"}, amendment.Amendment{Rule: "AFC-21"}},
	} {
		if _, err := amendment.Write(c.files, c.what); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
