package notice_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gallra.se/libs/policy"
	"gallra.se/libs/policy/notice"
)

var update = flag.Bool("update", false, "write the notices into testdata")

func TestEachPackMakesItsNoticeInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, authority := range policy.Default().Authorities() {
		pack, _ := policy.Default().Pack(authority)
		for _, lang := range notice.Languages {
			file := filepath.Join("testdata", authority+"."+lang+".md")
			got := notice.Markdown(pack, lang)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s %s: %s", authority, lang, diff)
			}
			if strings.Contains(got, "`") {
				t.Errorf("%s %s has a word that the glossary lacks", authority, lang)
			}
		}
	}
}

// TestANoticeLeavesNoRuleOut: what runs is what is said, with its number and its source, and what is assumed is marked.
func TestANoticeLeavesNoRuleOut(t *testing.T) {
	t.Parallel()
	for _, authority := range policy.Default().Authorities() {
		pack, _ := policy.Default().Pack(authority)
		for _, lang := range notice.Languages {
			text := notice.Markdown(pack, lang)
			for _, r := range pack.Rules {
				in := func(t policy.Title) string {
					if lang == "sv" {
						return t.Sv
					}
					return t.En
				}
				missing := !strings.Contains(text, "**"+in(r.Title)+"** ("+r.ID+")") || !strings.Contains(text, in(r.Source))
				if missing || (r.Assumed || !r.Stated) && !strings.Contains(text, in(r.Why)) {
					t.Errorf("%s %s: %s is not said in full", authority, lang, r.ID)
				}
			}
			for _, d := range pack.Deadlines {
				if !strings.Contains(text, "("+d.Requirement+")") {
					t.Errorf("%s %s: deadline %s is not said", authority, lang, d.ID)
				}
			}
			for _, c := range pack.Recipients {
				if !strings.Contains(text, c.Name) {
					t.Errorf("%s %s: recipient %s is not said", authority, lang, c.ID)
				}
			}
		}
	}
}

func TestAChangedPeriodSaysWhatItWasBefore(t *testing.T) {
	t.Parallel()
	held, _ := policy.Default().Pack("arbetsformedlingen")
	files := held.Files()
	rule := "      - {validFrom: 2018-05-25, period: 29 days, mode: exact}\n"
	files["authority.yaml"] = strings.Replace(files["authority.yaml"], "notice:\n", "  - {version: shorter, validFrom: 2025-07-01}\nnotice:\n", 1)
	files["rules.yaml"] = strings.Replace(files["rules.yaml"], rule, rule+"      - {validFrom: 2025-07-01, period: 14 days, mode: exact}\n", 1)
	pack, err := policy.Parse("arbetsformedlingen", files)
	if err != nil {
		t.Fatal(err)
	}
	text := notice.Markdown(pack, "en")
	for _, want := range []string{
		"It is version shorter of the policy, in force from 2025-07-01.", "Earlier version: 2021-01-01, from 2018-05-25.",
		"14 days after the contact ended; it can be read through the last day and is gone the day after. This holds from 2025-07-01; until 2025-06-30 it was 29 days.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s\nlacks %s", text, want)
		}
	}
}

func TestAWordThatTheGlossaryLacksStandsAsItIs(t *testing.T) {
	t.Parallel()
	pack, _ := policy.Default().Pack("arbetsformedlingen")
	odd := *pack
	odd.Channels = map[string]policy.Channel{"pigeon": {Name: "pigeon", Store: policy.Fields{Anonymous: []string{"ring"}, Identified: []string{"ring"}}}}
	if text := notice.Markdown(&odd, "en"); !strings.Contains(text, "**`pigeon`:** `ring`.") {
		t.Error(text)
	}
}
