package officer

import (
	"net/http"
	"strings"

	"gallra.se/services/console/internal/behalf"
)

// levels of protection, and fields that a plan may let out.
var (
	levels     = []string{"marker", "protectedRegistration", "assumed", "fiNonDisclosure"}
	planFields = []string{"name", "nationalId", "address", "postcode", "phoneNumber", "email", "municipality", "jobSeeker", "registrationDates"}
)

// protectView is the forms, what has been done, and what was wrong.
type protectView struct {
	visit
	Done   string // marked, lifted, planned
	Person string
	Wrong  string
}

// protections is for the appointed; for others there is no such page.
func (p *Pages) protections(v visit) answer {
	if !v.o.Appointed {
		return v.trouble(http.StatusNotFound)
	}
	q := v.r.URL.Query()
	return shown(protectPage(v.t, v.f, protectView{visit: v, Done: q.Get("done"), Person: id(q.Get("person"))}))
}

func (p *Pages) mark(v visit) answer {
	return p.protect(v, "marked", func() (string, error) {
		return v.voice.Mark(v.r.Context(), strings.TrimSpace(v.r.PostForm.Get("nationalId")), v.r.PostForm.Get("level"))
	})
}

func (p *Pages) lift(v visit) answer {
	return p.protect(v, "lifted", func() (string, error) {
		person := strings.TrimSpace(v.r.PostForm.Get("person"))
		return person, v.voice.Lift(v.r.Context(), person)
	})
}

func (p *Pages) plan(v visit) answer {
	return p.protect(v, "planned", func() (string, error) {
		person := strings.TrimSpace(v.r.PostForm.Get("person"))
		return person, v.voice.Plan(v.r.Context(), person, strings.TrimSpace(v.r.PostForm.Get("recipient")), v.r.PostForm["fields"])
	})
}

func (p *Pages) protect(v visit, done string, do func() (person string, err error)) answer {
	if !v.o.Appointed {
		return v.trouble(http.StatusNotFound)
	}
	person, err := do()
	if err == nil {
		return sent("/officer/protections?done=" + done + "&person=" + escape(id(person)))
	}
	view := protectView{visit: v}
	var ok bool
	var status int
	if view.Wrong, status, ok = v.inForm(err); !ok {
		return p.refused(v, err)
	}
	return answer{status: status, body: protectPage(v.t, v.f, view)}
}

// id is an opaque id, or nothing.
func id(text string) string {
	if !behalf.Opaque(text) {
		return ""
	}
	return text
}
