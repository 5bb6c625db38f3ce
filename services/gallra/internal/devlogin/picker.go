package devlogin

import (
	_ "embed"
	"html/template"
	"net/http"
)

//go:embed picker.html
var pickerText string

var picker = template.Must(template.New("picker").Parse(pickerText))

// asked are the parameters that go through the picker.
var asked = []string{"client_id", "redirect_uri", "response_type", "state", "nonce", "code_challenge", "code_challenge_method"}

// world is an authority's personas.
type world struct {
	Name     string
	Personas []Persona
}

// ask shows the picker. It looks like the console, whose style sheet it uses.
func (p *Provider) ask(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if wrong := p.wrong(q); wrong != "" {
		http.Error(w, wrong, http.StatusBadRequest)
		return
	}
	through := map[string]string{}
	for _, name := range asked {
		through[name] = q.Get(name)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "same-origin") // so that the form's own answer is known to come from here
	h.Set("X-Content-Type-Options", "nosniff")
	_ = picker.Execute(w, map[string]any{"Through": through, "Worlds": p.worlds(), "Action": Path + "/authorize"})
}

func (p *Provider) worlds() []world {
	var all []world
	for _, persona := range p.personas {
		if len(all) == 0 || all[len(all)-1].Name != persona.Authority {
			all = append(all, world{Name: persona.Authority})
		}
		last := &all[len(all)-1]
		last.Personas = append(last.Personas, persona)
	}
	return all
}
