package notice

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gallra.se/libs/policy"
)

// Languages are those that a notice can be written in.
var Languages = []string{"sv", "en"}

// Markdown is the notice of a pack in one of the Languages; in any other it is in English.
func Markdown(p *policy.Pack, lang string) string {
	w := &writer{Pack: p, lang: lang}
	w.controller()
	w.channels()
	w.recordings()
	w.mailings()
	w.recruitment()
	w.services()
	w.sources()
	w.readers()
	w.periods()
	w.silences()
	w.longer()
	w.recipients()
	w.processors()
	w.secrecy()
	w.archive()
	w.deadlines()
	w.complaint()
	return strings.TrimRight(blanks.ReplaceAllString(w.text.String(), "\n\n"), "\n") + "\n"
}

var blanks = regexp.MustCompile(`\n{3,}`)

type writer struct {
	*policy.Pack
	lang string
	text strings.Builder
}

// say picks the sentence of the language and fills it in.
func (w *writer) say(en, sv string, args ...any) string {
	if w.lang == "sv" {
		en = sv
	}
	if len(args) == 0 {
		return en
	}
	return fmt.Sprintf(en, args...)
}

// in picks the language of a text that the pack has in both.
func (w *writer) in(t policy.Title) string { return w.say(t.En, t.Sv) }

func (w *writer) heading(en, sv string) { fmt.Fprintf(&w.text, "\n## %s\n\n", w.say(en, sv)) }

func (w *writer) paragraph(en, sv string, args ...any) {
	fmt.Fprintf(&w.text, "%s\n\n", w.say(en, sv, args...))
}

func (w *writer) item(parts ...string) {
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	fmt.Fprintf(&w.text, "- %s\n", strings.Join(parts, " "))
}

func (w *writer) controller() {
	fmt.Fprintf(&w.text, "# %s\n\n", w.say("How %s processes your data", "Så behandlar %s dina uppgifter", w.Controller))
	w.paragraph("%s is the controller of the personal data that this notice is about. It is version %s of the policy, in force from %s.",
		"%s är personuppgiftsansvarig för de personuppgifter som det här gäller. Detta är version %s av policyn, gällande från %s.",
		w.Controller, w.Version, w.Versions[len(w.Versions)-1].ValidFrom)
	for _, v := range w.Versions[:len(w.Versions)-1] {
		w.item(w.say("Earlier version: %s, from %s.", "Tidigare version: %s, från %s.", v.Name, v.ValidFrom))
	}
	w.reached()
	for _, r := range w.Registers() {
		w.item(w.say("Register:", "Register:"), w.in(r.Title)+".")
	}
	w.item(w.say("The authority's own notice:", "Myndighetens egen information:"), w.Notice.URL)
}

// reached says where the controller and its data protection officer are (AFG-70, KSC-03, STH-04).
func (w *writer) reached() {
	c := w.Contact
	for _, line := range []struct{ en, sv, where string }{
		{"Post:", "Post:", c.Address},
		{"E-mail:", "E-post:", c.Email},
		{"Telephone:", "Telefon:", c.Phone},
		{"Data protection officer:", "Dataskyddsombud:", c.Officer},
		{"The officer's telephone:", "Ombudets telefon:", c.OfficerPhone},
		{"Visit the officer at:", "Besök ombudet på:", c.OfficerVisit},
		{"Post to the officer:", "Post till ombudet:", c.OfficerPost},
	} {
		if line.where != "" {
			w.item(w.say(line.en, line.sv), line.where)
		}
	}
}

// complaint is the last thing that every notice and every refusal says (AFG-71, KSC-35, STH-28).
func (w *writer) complaint() {
	w.heading("Your right to complain", "Din rätt att klaga")
	if w.Supervisor.Name.En == "" {
		w.paragraph("You may complain to the supervisory authority of your country (GDPR article 77).",
			"Du har rätt att klaga hos tillsynsmyndigheten i ditt land (dataskyddsförordningen artikel 77).")
		return
	}
	formerly := ""
	if f := w.Supervisor.Formerly; f != "" {
		formerly = w.say(", formerly %s", ", tidigare %s", f)
	}
	w.paragraph("If you think that your data are processed in breach of the law, you may complain to the supervisory authority: %s%s.",
		"Om du anser att dina uppgifter behandlas i strid med lagen har du rätt att klaga hos tillsynsmyndigheten: %s%s.", w.in(w.Supervisor.Name), formerly)
}
