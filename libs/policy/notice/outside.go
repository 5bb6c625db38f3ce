package notice

import (
	"strings"

	"gallra.se/libs/policy"
)

// recordings says which calls are recorded, what the customer may ask for, and what a recording is played for.
func (w *writer) recordings() {
	r, ok := w.Recording()
	if !ok {
		return
	}
	w.heading("Recorded calls", "Inspelade samtal")
	var yes, no []string
	for _, l := range r.Lines {
		if name := w.word(lineNames, l.Name); l.Recorded {
			yes = append(yes, name)
		} else {
			no = append(no, name)
		}
	}
	w.item(w.say("Recorded: %s (%s).", "Spelas in: %s (%s).", w.and(yes), r.Requirement))
	if len(no) > 0 {
		w.item(w.say("Never recorded: %s (%s).", "Spelas aldrig in: %s (%s).", w.and(no), r.LineRequirement))
	}
	w.item(w.say("You are told before the recording begins (%s).", "Du får veta det innan inspelningen börjar (%s).", r.NoticeRequirement))
	w.item(w.say("You may have it stopped, and may then have to go on in writing (%s).", "Du kan begära att den avbryts, och kan då behöva fortsätta skriftligen (%s).", r.StopRequirement))
	w.item(w.say("A recording is played only for: %s (%s).", "En inspelning spelas bara upp för: %s (%s).", w.and(w.purposes(r.Purposes)), r.PurposeRequirement))
	w.item(w.say("It is described by %s.", "Den beskrivs med %s.", w.list(r.Index)))
}

// mailings says what chooses the receivers of a newsletter, and what mail that is not encrypted never says.
func (w *writer) mailings() {
	c, mails := w.Campaign()
	requirement, restricted := w.PlainMail()
	if !mails && !restricted {
		return
	}
	w.heading("Mail from us", "Post från oss")
	if mails {
		w.item(w.say("Newsletters are sent by %s; to employers by %s (%s).", "Nyhetsbrev skickas efter %s; till arbetsgivare efter %s (%s).",
			w.list(c.Inputs), w.list(c.EmployerInputs), c.Requirement))
		w.item(w.say("If you object we send you none (%s).", "Om du invänder skickar vi inga till dig (%s).", c.ObjectionRequirement))
	}
	if restricted {
		w.item(w.say("By e-mail we answer in general, or encrypted; never about your own matter in plain mail (%s).",
			"Per e-post svarar vi på allmän nivå, eller krypterat; aldrig om ditt eget ärende i vanlig e-post (%s).", requirement))
	}
}

// recruitment says what is kept of who applies for a post at the authority.
func (w *writer) recruitment() {
	r, ok := w.Recruitment()
	if !ok {
		return
	}
	w.heading("When you apply for a job with us", "När du söker arbete hos oss")
	w.item(w.say("We keep %s (%s).", "Vi sparar %s (%s).", w.and(w.words(paperNames, r.Kinds)), r.Requirement))
	w.item(w.say("Without %s we cannot receive your application.", "Utan %s kan vi inte ta emot din ansökan.", w.list(r.Required)))
	if window, ok := w.Window("case.document"); ok {
		w.item(w.say("A test may be used again for %s after it was taken (%s).", "Ett test får användas igen i %s efter att det gjordes (%s).", w.period(window.Period), r.ReuseRequirement))
	}
}

// services says what each service collects, by which law, and who gets it (STH-07, STH-12, STH-16).
func (w *writer) services() {
	if len(w.Services()) == 0 {
		return
	}
	w.heading("What each service collects", "Vad varje tjänst samlar in")
	for _, s := range w.Services() {
		recipients := w.say("Nobody else gets it.", "Ingen annan får det.")
		if len(s.Recipients) > 0 {
			recipients = w.say("It is given to %s.", "Det lämnas till %s.", w.and(w.recipientNames(s.Recipients)))
		}
		var laws []string
		for _, law := range s.LegalBasis {
			laws = append(laws, w.law(law))
		}
		w.item("**"+w.in(s.Title)+"** ("+s.Requirement+"):", w.list(s.Fields)+".", w.say("Legal basis: %s.", "Rättslig grund: %s.", strings.Join(laws, "; ")), recipients)
	}
}

func (w *writer) recipientNames(ids []string) (names []string) {
	for _, id := range ids {
		r, _ := w.Recipient(id)
		names = append(names, r.Name)
	}
	return names
}

// sources says who hands data in besides the person (AFG-46, KSC-19).
func (w *writer) sources() {
	w.heading("Where your data come from", "Var dina uppgifter kommer ifrån")
	w.item(w.say("From you.", "Från dig."))
	for _, c := range w.Channels {
		if c.MayComeFrom("adviser") {
			w.item(w.say("From the adviser that you speak with.", "Från rådgivaren som du talar med."))
			break
		}
	}
	for _, f := range w.Feeds() {
		w.item("**"+w.word(sourceNames, f.Source)+":**", w.list(f.Fields)+" ("+f.Requirement+").")
	}
}

// processors says who handles data for the authority, of what kind and where.
func (w *writer) processors() {
	general := w.ProcessorTerms("")
	if len(w.Processors()) == 0 && len(general.Countries) == 0 {
		return
	}
	w.heading("Who handles data for us", "Vem som hanterar uppgifter åt oss")
	for _, p := range w.Processors() {
		kinds := w.say("sees nothing of what you write.", "ser inget av det du skriver.")
		if len(p.Kinds) > 0 {
			kinds = w.and(w.words(paperNames, p.Kinds)) + "."
		}
		w.item("**"+p.Name+":**", kinds, w.say("It passes nothing on (%s).", "Den lämnar inget vidare (%s).", p.Requirement))
	}
	w.terms(general)
	w.terms(w.ProcessorTerms("analytics"))
}

func (w *writer) terms(t policy.ProcessorTerms) {
	what := w.say("Whoever handles data for us", "Den som hanterar uppgifter åt oss")
	if t.Service == "analytics" {
		what = w.say("Whoever counts visits to the website", "Den som räknar besök på webbplatsen")
	}
	switch {
	case len(t.Countries) == 1:
		w.item(w.say("%s does so in %s, for us alone (%s).", "%s gör det i %s, bara för oss (%s).", what, w.word(countryNames, t.Countries[0]), t.CountryRequirement))
	case len(t.Countries) > 1:
		w.item(w.say("%s does so inside the EU and EEA (%s).", "%s gör det inom EU och EES (%s).", what, t.CountryRequirement))
	}
}

// secrecy says by what rule data are kept from others (L-12).
func (w *writer) secrecy() {
	s := w.Secrecy()
	if s.Requirement == "" {
		return
	}
	w.heading("Secrecy", "Sekretess")
	w.paragraph("%s (%s).", "%s (%s).", upper(w.in(s.Rule)), s.Requirement)
}
