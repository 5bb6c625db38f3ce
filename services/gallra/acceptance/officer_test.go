package acceptance

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"gallra.se/services/gallra/internal/devlogin"
	"gallra.se/services/gallra/internal/importer"
)

const (
	annasNumber = "199001012385" // of the sample week
	af          = "arbetsformedlingen."
)

// The pages are walked on one system, one after the other: later walks find what earlier ones left.
func TestOfficersWorkInABrowser(t *testing.T) {
	t.Parallel()
	system, api := up(t, dataDir(t), "--clock=simulated=2026-03-09")
	week, err := os.Open(filepath.Join(root, "docs", "examples", "week.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer week.Close()
	if tally, err := importer.Direct(t.Context(), importer.DirectConfig{Client: api, Sender: overHTTP(api), Progress: importer.Silent{}}, week); err != nil || tally.Refused != 0 {
		t.Fatal(tally, err)
	}
	if _, err := api.Advance(t.Context(), time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	var person, casefile string
	for _, walk := range []struct {
		name string
		run  func(t *testing.T)
	}{
		{"a day", func(t *testing.T) { person, casefile = day(t, system.URL) }},
		{"a day on a phone with a keyboard", func(t *testing.T) { dayOnAPhone(t, system.URL) }},
		{"every page is accessible", func(t *testing.T) { everyPage(t, system.URL, person, casefile) }},
		{"a week is reviewed", func(t *testing.T) { review(t, system.URL) }},
		{"another authority's officer finds nobody", func(t *testing.T) { elsewhere(t, system.URL, person, casefile) }},
		{"a person is protected", func(t *testing.T) { protect(t, system.URL, person, casefile) }},
		{"who has no undertaking reads nothing", func(t *testing.T) { unbound(t, system.URL) }},
	} {
		if !t.Run(walk.name, walk.run) {
			break
		}
	}
	logs, err := filepath.Glob(filepath.Join(system.Dir, "logs", "*.log"))
	if err != nil || len(logs) == 0 {
		t.Fatal("no logs", err)
	}
	for _, path := range logs {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, never := range []string{annasNumber, "Kanarie", "Karin Ek", "Personastigen", "Will call back"} {
			if strings.Contains(string(text), never) {
				t.Errorf("%s holds %q", path, never)
			}
		}
	}
}

// day is an officer's: log in, say why, find somebody, read, write, see who has looked, log out.
// AFG-06, L-17
func day(t *testing.T, base string) (person, casefile string) {
	b := openTab(t, base, 1200, 900)
	b.open("/?lang=en")
	b.click(`header a[href^="/officer"]`)
	b.says("Who are you?", "Karin Ek")
	b.picture("login")
	b.login(af + "case")
	b.says("Karin Ek", "Arbetsförmedlingen", "case officer")
	b.picture("start")
	b.purpose("case-handling")
	b.find("19900101-2385")
	b.says("Anna Kanarie")
	b.picture("find")
	b.click(`a[href^="/officer/persons/"]`)
	person = strings.TrimPrefix(b.at(), "/officer/persons/")
	b.says(annasNumber, "Anna Kanarie", "AF-PROV-001", "2026-03-02")
	b.picture("person")
	b.click(`a[href^="/officer/cases/"]`)
	casefile = strings.TrimPrefix(b.at(), "/officer/cases/")
	b.says("Programme starts on the sixteenth")
	b.do(chromedp.SendKeys("#text", "Will call back about the travel costs."), chromedp.SetValue("#relevance", "follow-up"))
	if status := b.click("main form button"); status != http.StatusOK {
		t.Errorf("a new note: %d", status)
	}
	b.says("The note is written.")
	if first := ask(b, chromedp.Text(`[data-test="notes"] li`)); !strings.Contains(first, "Will call back about the travel costs.") || !strings.Contains(first, af+"case") || !strings.Contains(first, "2026-03-10") {
		t.Errorf("the newest note is %q", first)
	}
	b.picture("case")
	b.open("/officer/persons/" + person + "?lang=en")
	b.click(`[data-test="access-log"]`)
	b.says(af+"case", "read", "Handling a case")
	b.picture("access-log")
	b.logout()
	b.open("/officer/persons/" + person)
	if !strings.HasPrefix(b.at(), devlogin.Path) {
		t.Errorf("after logging out a person's page is %s", b.at())
	}
	return person, casefile
}

// dayOnAPhone touches nothing but Tab, Enter and letters, and never has to scroll sideways.
func dayOnAPhone(t *testing.T, base string) {
	b := openTab(t, base, 390, 844)
	b.open("/officer/find?lang=en")
	b.tabTo("Karin Ek case officer")
	b.press("\r")
	b.narrow()
	b.open("/officer?lang=en")
	b.tabTo("#purpose")
	b.do(chromedp.KeyEvent("Handling"))
	b.tabTo("Go on")
	b.press("\r")
	b.narrow()
	b.tabTo("#nationalId")
	b.do(chromedp.KeyEvent(annasNumber))
	b.press("\r")
	b.narrow()
	b.picture("find-phone")
	b.tabTo("Anna Kanarie")
	b.press("\r")
	b.says(annasNumber)
	b.narrow()
	b.picture("person-phone")
	b.tabTo("AF-PROV-001-P")
	b.press("\r")
	b.narrow()
	b.picture("case-phone")
	b.tabTo("#text")
	b.do(chromedp.KeyEvent("Written with a keyboard."))
	b.tabTo("Write")
	b.press("\r")
	b.says("The note is written.", "Written with a keyboard.")
	b.tabTo("Log out")
	b.press("\r")
	b.says("Nothing of what you saw")
}

// narrow fails where a page is wider than the window.
func (b *tab) narrow() {
	b.t.Helper()
	if wide := b.sideways(); wide > 0 {
		b.t.Errorf("%s must be scrolled sideways by %d pixels", b.at(), wide)
	}
}

// press is a key that leads to another page.
func (b *tab) press(key string) { b.t.Helper(); b.arrive(chromedp.KeyEvent(key)) }

// tabTo presses Tab until the focus is on what is called so: an id with #, or what it reads as.
func (b *tab) tabTo(name string) {
	b.t.Helper()
	const focused = `(e => ['#' + e.id, (e.textContent || '').trim().replace(/\s+/g, ' ')])(document.activeElement)`
	for range 80 {
		b.do(chromedp.KeyEvent("\t"))
		for _, is := range ask(b, chromedp.Evaluate[[]string](focused)) {
			if is == name {
				if ring := ask(b, chromedp.Evaluate[string](`getComputedStyle(document.activeElement).outlineStyle`)); ring == "none" {
					b.t.Errorf("nobody sees that the focus is on %s", name)
				}
				return
			}
		}
	}
	b.t.Fatalf("the keyboard does not reach %q on %s", name, b.at())
}

// everyPage is looked at by axe-core, in both languages.
func everyPage(t *testing.T, base, person, casefile string) {
	axe := axe(t)
	broken := openTab(t, base, 1200, 900)
	broken.open("/")
	broken.do(chromedp.Evaluate[chromedp.Void](`document.documentElement.removeAttribute('lang')`))
	if found := broken.violations(axe); len(found) != 1 || found[0].ID != "html-has-lang" {
		t.Fatalf("axe-core finds %+v on a page without a language", found)
	}
	public := []string{"/", "/records", "/records/" + person, "/records/nobody", "/calendar", "/holds", "/alarms", "/reviews", "/policy", "/logged-out", "/login/callback"}
	for _, who := range []struct {
		persona, purpose string
		pages            []string
	}{
		{"", "", public},
		{af + "case", "case-handling", []string{"/officer", "/officer/find", "/officer/persons/" + person, "/officer/cases/" + casefile, "/officer/access-log/" + person,
			"/officer/persons/3c1b4c84-0e0f-4b0e-9c68-0d2f0a54c1ff", "/officer/elsewhere"}},
		{af + "protected", "case-handling", []string{"/officer/protections"}},
		{af + "dpo", "supervision", []string{"/officer/review", "/officer/persons/" + person}},
		{af + "unbound", "case-handling", []string{"/officer", "/officer/persons/" + person}},
	} {
		b := openTab(t, base, 1200, 900)
		if who.persona != "" {
			b.open("/officer?lang=en")
			b.accessible(axe, "the picker")
			b.login(who.persona)
			b.purpose(who.purpose)
		}
		for _, page := range who.pages {
			for _, lang := range []string{"sv", "en"} {
				b.open(page + "?lang=" + lang)
				b.accessible(axe, fmt.Sprintf("%s in %s for %q", page, lang, who.persona))
			}
		}
	}
	b := openTab(t, base, 390, 844)
	b.login(af + "case")
	b.purpose("case-handling")
	b.find("1")
	b.accessible(axe, "a wrong number on a phone")
	b.open("/officer/cases/" + casefile + "?lang=en")
	b.accessible(axe, "a case on a phone")
}

// L-06
func review(t *testing.T, base string) {
	b := openTab(t, base, 1200, 900)
	b.login(af + "dpo")
	b.purpose("supervision")
	b.open("/officer/review?lang=en")
	b.says("2026-W11", af+"case", "Reads in each hour of the week")
	if busy := ask(b, chromedp.Evaluate[int](`document.querySelectorAll('.week .shade4').length`)); busy != 1 {
		t.Errorf("the drawing has %d busiest hours", busy)
	}
	b.picture("review")
	b.open("/officer/protections?lang=en")
	b.says("There is nothing here, or nothing that you may see.")
}

// AFG-08, AFG-10
func protect(t *testing.T, base, person, casefile string) {
	b := openTab(t, base, 1200, 900)
	b.login(af + "protected")
	b.purpose("case-handling")
	b.open("/officer/protections?lang=en")
	b.do(chromedp.SendKeys("#nationalId", annasNumber))
	b.click("main form button")
	b.says("Marked as protected:", person)
	b.do(chromedp.SetValue("#recipient", "SE-KFM"), chromedp.Click(`input[value="name"]`))
	b.click(`form[action^="/officer/protections/plan"] button`)
	b.says("The plan is set for:", "confidentiality marker", "SE-KFM")
	b.picture("protections")
	b.open("/officer/persons/" + person + "?lang=en")
	b.says(annasNumber)
	b.logout()

	b.login(af + "case")
	b.purpose("case-handling")
	b.find(annasNumber)
	b.says("Nobody is found.")
	b.likeNobody("/officer/persons/", person)
	b.likeNobody("/officer/access-log/", person)
	b.likeNobody("/officer/cases/", casefile)
	b.likeNobody("/records/", person)
}

// KSC-25
func elsewhere(t *testing.T, base, person, casefile string) {
	b := openTab(t, base, 1200, 900)
	b.login("stockholm-labour-market-board.case")
	b.purpose(ask(b, chromedp.Evaluate[string](`document.querySelector('#purpose option:nth-child(2)').value`)))
	b.find(annasNumber)
	b.says("Nobody is found.")
	b.likeNobody("/officer/persons/", person)
	b.likeNobody("/officer/cases/", casefile)
}

// likeNobody fails unless the page of an id is that of an id that never was.
func (b *tab) likeNobody(before, id string) {
	b.t.Helper()
	if page, unknown := b.pageOf(before, id), b.pageOf(before, "3c1b4c84-0e0f-4b0e-9c68-0d2f0a54c1ff"); page != unknown {
		b.t.Errorf("%s shows\n%s\nand of nobody\n%s", before, page, unknown)
	}
}

// pageOf is a page as it was sent, with the id taken out that the reader gave.
func (b *tab) pageOf(before, id string) string {
	b.t.Helper()
	if status := b.open(before + id + "?lang=en"); status != http.StatusNotFound {
		b.t.Errorf("status %d", status)
	}
	return strings.ReplaceAll(ask(b, chromedp.OuterHTML("html")), id, "ID")
}

// TES-04, KSC-24, L-05
func unbound(t *testing.T, base string) {
	for persona, says := range map[string]string{"unbound": "no confidentiality undertaking in force", "expired": "no confidentiality undertaking in force", "untrained": "not had the training"} {
		b := openTab(t, base, 1200, 900)
		b.login(af + persona)
		b.says(says)
		b.purpose("case-handling")
		b.find(annasNumber)
		b.says(says)
		if text := ask(b, chromedp.Text("main")); strings.Contains(text, "Kanarie") {
			t.Errorf("%s reads %s", persona, text)
		}
	}
}
