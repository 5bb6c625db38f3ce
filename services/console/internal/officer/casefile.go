package officer

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"

	"gallra.se/services/console/internal/behalf"
)

// mostNotes is how many notes a page reads: each reading stands in the access log.
const mostNotes = 50

// together is how many of them are asked for at a time.
const together = 4

// noteLine is a note and until when it is kept.
type noteLine struct {
	behalf.Note
	End   behalf.End
	NoEnd bool // nobody told
}

// caseView is a case, its notes newest first, and the form for a new one.
type caseView struct {
	visit
	Case    behalf.Case
	Notes   []noteLine
	More    int    // notes that are not shown
	Closed  int    // notes that this officer may not read, or that are gone
	Written bool   // a note has just been written
	Wrong   string // with the form
	Form    behalf.NewNote
}

func (p *Pages) casefile(v visit) answer {
	view, err := p.caseOf(v)
	if err != nil {
		return p.refused(v, err)
	}
	view.Written = v.r.URL.Query().Get("written") == "1"
	return shown(casePage(v.t, v.f, view))
}

func (p *Pages) caseOf(v visit) (view caseView, err error) {
	view.visit = v
	if view.Case, err = v.voice.Case(v.r.Context(), v.r.PathValue("id")); err != nil {
		return view, err
	}
	ids := view.Case.Notes
	if len(ids) > mostNotes { // later ids are later notes
		slices.Sort(ids)
		view.More, ids = len(ids)-mostNotes, ids[len(ids)-mostNotes:]
	}
	for _, n := range p.notes(v.r.Context(), v.voice, ids) {
		if n == nil {
			view.Closed++
			continue
		}
		view.Notes = append(view.Notes, *n)
	}
	slices.SortFunc(view.Notes, func(a, b noteLine) int { return cmp.Or(b.NotedAt.Compare(a.NotedAt), cmp.Compare(b.ID, a.ID)) })
	return view, nil
}

// notes reads notes with their ends; nil for one that is not to be read.
func (p *Pages) notes(ctx context.Context, voice behalf.Voice, ids []string) []*noteLine {
	read, turns := make([]*noteLine, len(ids)), make(chan struct{}, together)
	var all sync.WaitGroup
	for i, id := range ids {
		turns <- struct{}{}
		all.Go(func() {
			defer func() { <-turns }()
			note, err := voice.Note(ctx, id)
			if err != nil {
				return
			}
			line := noteLine{Note: note}
			if line.End, err = voice.End(ctx, id); err != nil {
				line.NoEnd = true
			}
			read[i] = &line
		})
	}
	all.Wait()
	return read
}

// write writes a note and shows the case again at its own address, so that a reload writes nothing.
func (p *Pages) write(v visit) answer {
	form := v.r.PostForm
	note := behalf.NewNote{Text: strings.ReplaceAll(strings.TrimSpace(form.Get("text")), "\r\n", "\n"), Relevance: form.Get("relevance"),
		Final: form.Get("kind") == "final", Draft: form.Get("kind") == "draft", About: form["about"]}
	wrong := ""
	switch {
	case note.Text == "":
		wrong = v.t.Case.NoText
	case !slices.Contains(reasons, note.Relevance):
		wrong = v.t.Case.NoReason
	}
	status := http.StatusBadRequest
	if wrong == "" {
		err := v.voice.Write(v.r.Context(), v.r.PathValue("id"), note)
		if err == nil {
			return sent("/officer/cases/" + v.r.PathValue("id") + "?written=1")
		}
		var ok bool
		if wrong, status, ok = v.inForm(err); !ok {
			return p.refused(v, err)
		}
	}
	view, err := p.caseOf(v)
	if err != nil {
		return p.refused(v, err)
	}
	view.Wrong, view.Form = wrong, note
	return answer{status: status, body: casePage(v.t, v.f, view)}
}

// reasons are why something belongs in a case (AFC-08).
var reasons = []string{"case-handling", "decision", "agreement", "follow-up"}
