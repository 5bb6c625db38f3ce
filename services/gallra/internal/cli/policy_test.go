package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gallra.se/libs/policy"
)

// run runs a command line and returns its status, output and complaints.
func run(t *testing.T, args ...string) (status int, out, complaints string) {
	t.Helper()
	var said, wrong bytes.Buffer
	status = Main(args, &said, &wrong)
	return status, said.String(), wrong.String()
}

// packIn writes a built-in pack into a folder, with passages replaced.
func packIn(t *testing.T, authority string, replace ...string) string {
	t.Helper()
	pack, _ := policy.Default().Pack(authority)
	dir := filepath.Join(t.TempDir(), "draft")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range pack.Files() {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.NewReplacer(replace...).Replace(text)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestLintTellsEveryFaultWithTheFileThatItIsIn(t *testing.T) {
	t.Parallel()
	status, out, _ := run(t, "policy", "lint")
	if status != 0 || strings.Count(out, ": sound\n") != 4 {
		t.Errorf("the built-in packs: %d %s", status, out)
	}
	dir := packIn(t, "te-services", "Europe/Helsinki", "Europe/Gotham", "    also: [TES-03]\n", "    alas: [TES-03]\n")
	status, out, complaints := run(t, "policy", "lint", dir)
	for _, want := range []string{
		filepath.Join(dir, "authority.yaml") + ":5:7: unknown zone \"Europe/Gotham\"\n",
		filepath.Join(dir, "rules.yaml") + ":62:5: unknown key \"alas\"\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%s\nlacks %s", out, want)
		}
	}
	if status != 1 || complaints != "gallra: 2 faults\n" {
		t.Errorf("status %d, %s", status, complaints)
	}
	if status, _, complaints := run(t, "policy", "lint", filepath.Join(dir, "nowhere")); status != 1 || !strings.Contains(complaints, "no such file") {
		t.Errorf("a directory that is not there: %d %s", status, complaints)
	}
	if status, _, _ := run(t, "policy", "lint", filepath.Dir(dir)); status != 1 {
		t.Error("a pack in a folder of another name is sound")
	}
}

func TestShowHasALineForEachRuleAndCategory(t *testing.T) {
	t.Parallel()
	_, out, _ := run(t, "policy", "show", "te-customer-service")
	for _, want := range []string{"KSC-13  contact.recording", "6 months exact", "12 months ceiling  2018-05-25  absolute", "assumed"} {
		if !strings.Contains(out, want) {
			t.Errorf("%s\nlacks %s", out, want)
		}
	}
	_, out, _ = run(t, "policy", "show", "--rule", "AFC-13")
	for _, want := range []string{"disposal basis  SFS 2002:546 section 16", "keeps           AFC-13, AFC-12, AFC-22", "case.note"} {
		if !strings.Contains(out, want) {
			t.Errorf("%s\nlacks %s", out, want)
		}
	}
	_, out, _ = run(t, "policy", "show", "te-services", "--json")
	var rules []shownRule
	if err := json.Unmarshal([]byte(out), &rules); err != nil || len(rules) != 9 || rules[0].Period != "not stated" || rules[0].Reason == "" {
		t.Errorf("%v %+v", err, rules)
	}
	for _, args := range [][]string{{"policy", "show", "nobody"}, {"policy", "show", "--rule", "XYZ-1"}} {
		if status, _, complaints := run(t, args...); status != 1 || complaints == "" {
			t.Errorf("%v: %d %s", args, status, complaints)
		}
	}
}

func TestDiffTellsWhatWouldBeDifferent(t *testing.T) {
	t.Parallel()
	const rule = "      - {category: contact.chat, trigger: contact-ended}\n    versions:\n      - {validFrom: 2018-05-25, period: 29 days, mode: exact}\n"
	dir := packIn(t, "arbetsformedlingen", "notice:\n", "  - {version: shorter, validFrom: 2025-07-01}\nnotice:\n",
		rule, rule+"      - {validFrom: 2025-07-01, period: 14 days, mode: exact}\n")
	status, out, _ := run(t, "policy", "diff", dir)
	if status != 0 || !strings.Contains(out, "AFC-21 contact.chat") || !strings.Contains(out, "29 days exact → 14 days exact  from 2025-07-01") {
		t.Errorf("%d %s", status, out)
	}
	_, out, _ = run(t, "policy", "diff", dir, "--json")
	var diffs []packDiff
	if err := json.Unmarshal([]byte(out), &diffs); err != nil || len(diffs) != 1 || diffs[0].To != "shorter" || diffs[0].Changes[0].Rule != "AFC-21" {
		t.Errorf("%v %s", err, out)
	}
	if status, _, complaints := run(t, "policy", "diff", packIn(t, "te-services", "zone:", "zona:")); status != 1 || !strings.Contains(complaints, "unknown key \"zona\"") {
		t.Errorf("a broken pack: %d %s", status, complaints)
	}
}

func TestANoticeComesInTheLanguageAskedFor(t *testing.T) {
	t.Parallel()
	if _, out, _ := run(t, "policy", "notice", "arbetsformedlingen", "--lang", "sv"); !strings.Contains(out, "Så behandlar Arbetsförmedlingen dina uppgifter") {
		t.Error(out)
	}
	if _, out, _ := run(t, "policy", "notice", "arbetsformedlingen", "--lang", "en"); !strings.Contains(out, "How Arbetsförmedlingen processes your data") {
		t.Error(out)
	}
	if status, _, _ := run(t, "policy", "notice", "arbetsformedlingen", "--lang", "fi"); status == 0 {
		t.Error("a language that there is not")
	}
}
