package officer

import (
	"net/http"
	"strings"

	"gallra.se/services/console/internal/behalf"
)

// findView is the form, what was wrong with it, and whom it has found.
type findView struct {
	visit
	Purpose string // chosen in the form
	Wrong   string
	Asked   bool
	Found   []behalf.Found
}

// ask shows the form.
func (p *Pages) ask(v visit) answer {
	return shown(findPage(v.t, v.f, findView{visit: v, Purpose: v.purpose}))
}

// find searches. What was entered comes in a body, and is neither shown again nor kept: no address or history holds a
// personal number.
func (p *Pages) find(v visit) answer {
	form := v.r.PostForm
	view := findView{visit: v, Purpose: form.Get("purpose"), Asked: true}
	nationalID, caseNumber := strings.TrimSpace(form.Get("nationalId")), strings.TrimSpace(form.Get("caseNumber"))
	if !v.purposed(view.Purpose) {
		return view.wrong(v.t.Start.Choose, http.StatusBadRequest)
	}
	if (nationalID == "") == (caseNumber == "") {
		return view.wrong(v.t.Find.One, http.StatusBadRequest)
	}
	p.Sessions.Choose(v.r.Context(), view.Purpose)
	found, err := p.Caller.For(v.o, view.Purpose, v.pack.Zone).Search(v.r.Context(), nationalID, caseNumber)
	if err == nil {
		view.Found = found
		return shown(findPage(v.t, v.f, view))
	}
	if words, status, ok := v.inForm(err); ok {
		return view.wrong(words, status)
	}
	return p.refused(v, err)
}

func (view findView) wrong(words string, status int) answer {
	view.Wrong, view.Asked = words, false
	return answer{status: status, body: findPage(view.t, view.f, view)}
}
