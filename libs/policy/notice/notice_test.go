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

// L-12, AFC-30, AFG-44, AFG-46, KSC-04, STH-12, STH-16: a notice also tells allowed data, how people are searched for, who handles
// data, secrecy, registers and services.
func TestANoticeTellsWhoHandlesDataAndHowTheyAreFound(t *testing.T) {
	t.Parallel()
	for _, authority := range policy.Default().Authorities() {
		pack, _ := policy.Default().Pack(authority)
		for _, lang := range notice.Languages {
			text := notice.Markdown(pack, lang)
			in := func(t policy.Title) string {
				if lang == "sv" {
					return t.Sv
				}
				return t.En
			}
			wants := []string{pack.Controller, pack.Notice.URL, pack.Version, in(pack.Supervisor.Name), pack.Secrecy().Requirement, in(pack.Secrecy().Rule)}
			for _, p := range pack.Processors() {
				wants = append(wants, "**"+p.Name+":**", p.Requirement)
			}
			for _, f := range pack.Feeds() {
				wants = append(wants, f.Requirement)
			}
			for _, r := range pack.Registers() {
				wants = append(wants, in(r.Title))
			}
			for _, s := range pack.Services() {
				wants = append(wants, in(s.Title), s.LegalBasis[0][:8])
			}
			for _, requirement := range pack.Access().NotSearched {
				wants = append(wants, "("+requirement+")")
			}
			for _, p := range pack.Access().Purposes {
				wants = append(wants, in(p.Title))
			}
			if r, ok := pack.Recording(); ok {
				wants = append(wants, r.NoticeRequirement, r.StopRequirement, r.LineRequirement)
			}
			for _, want := range wants {
				if want == "" || !strings.Contains(strings.ToLower(text), strings.ToLower(want)) {
					t.Errorf("%s %s lacks %q", authority, lang, want)
				}
			}
		}
	}
}

// AFC-01, AFG-03, AFG-70, AFG-71, STH-01, STH-04, STH-28, KSC-02, KSC-03, KSC-35
func TestANoticeTellsWhoAnswersAndWhomToComplainTo(t *testing.T) {
	t.Parallel()
	for authority, wants := range map[string][]string{
		"arbetsformedlingen": {"Arbetsförmedlingen is the controller", "dataskyddsombud@arbetsformedlingen.se", "0771-60 00 00", "Elektrogatan 4, Solna",
			"113 99 Stockholm", "(IMY), formerly Datainspektionen"},
		"stockholm-labour-market-board": {"Arbetsmarknadsnämnden i Stockholms stad is the controller", "Box 10014, 121 26 Stockholm-Globen", "info.amf@stockholm.se",
			"roger.wallberg@extern.stockholm.se", "(IMY), formerly Datainspektionen"},
		"te-customer-service": {"South Savo ELY Centre", "kirjaamo.etela-savo@ely-keskus.fi", "0295 024 000", "tietosuoja.keha@ely-keskus.fi", "Data Protection Ombudsman"},
		"te-services":         {"Data Protection Ombudsman"},
	} {
		pack, _ := policy.Default().Pack(authority)
		text := notice.Markdown(pack, "en")
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q", authority, want)
			}
		}
	}
}

// KSC-01, STH-29
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
