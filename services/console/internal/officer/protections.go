package officer

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"gallra.se/libs/policy"
	"gallra.se/libs/problem"

	"gallra.se/services/console/internal/behalf"
)

// levels of protection.
var levels = []string{"marker", "protectedRegistration", "assumed", "fiNonDisclosure"}

// recipients are those of the authority's pack.
func (v visit) recipients() []policy.Recipient {
	return slices.SortedFunc(maps.Values(v.pack.Recipients), func(a, b policy.Recipient) int { return strings.Compare(a.ID, b.ID) })
}

// planned are all fields that any recipient may have; which of them are this one's the service knows.
func (v visit) planned() []string {
	var all []string
	for _, r := range v.recipients() {
		all = append(all, r.Fields...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// protectView is the forms, what has been done, and what was wrong.
type protectView struct {
	visit
	Done   string // marked, lifted, planned
	Person string
	Known  behalf.Protection // of that person; without a level where there is none
	Wrong  string
}

// protections is for the appointed; for others there is no such page.
func (p *Pages) protections(v visit) answer {
	if !v.o.Appointed {
		return v.trouble(http.StatusNotFound)
	}
	q := v.r.URL.Query()
	view := protectView{visit: v, Person: id(q.Get("person"))}
	if v.t.Protect.Done[q.Get("done")] != "" {
		view.Done = q.Get("done")
	}
	if view.Person != "" {
		var err error
		if view.Known, err = v.voice.Protection(v.r.Context(), view.Person); err != nil && problem.From(err).Status != http.StatusNotFound {
			return p.refused(v, err)
		}
	}
	return shown(protectPage(v.t, v.f, view))
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
