package reference

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"

	packs "gallra.se/libs/policy"
	"gallra.se/libs/policy/follow"
	"gallra.se/services/retention-timer/internal/amend"
)

// amendable are the sentences of each notice that histories change, with the shortest and longest new period. A normal
// period stays below its ceiling, and a ceiling below the bound of law.
var amendable = map[string][]struct {
	requirement string
	from, to    int
	unit        string
}{
	"arbetsformedlingen": {
		{"AFC-13", 12, 30, "months"}, {"AFG-53", 31, 36, "months"}, {"AFC-10", 1, 40, "months"}, {"AFC-21", 1, 90, "days"},
		{"AFG-42", 6, 40, "months"}, {"AFG-34", 1, 30, "months"}, {"AFG-31", 1, 30, "months"},
	},
	"te-customer-service":           {{"KSC-13", 1, 12, "months"}, {"KSC-17", 10, 400, "days"}, {"KSC-18", 1, 30, "months"}},
	"stockholm-labour-market-board": {{"STH-17", 0, 60, "days"}, {"STH-22", 3, 40, "months"}},
}

// amend draws a new version of one sentence, which holds from tomorrow on or later.
func (w *world) amend() {
	may := amendable[w.policy.name]
	if len(may) == 0 || len(w.policy.amendments) >= 3 {
		return
	}
	what := oneOf(w, may, "sentence")
	amount := w.within(what.from, what.to, "new period")
	first := w.today()
	for _, a := range w.policy.amendments {
		if first.before(a.from) {
			first = a.from
		}
	}
	a := amendment{version: fmt.Sprintf("v%d", len(w.policy.amendments)+2), requirement: what.requirement,
		from: first.plusDays(w.within(1, 200, "days until it holds"))}
	if what.unit == "months" {
		a.period.months = amount
	} else {
		a.period.days = amount
	}
	w.putIntoForce(a)
}

// putIntoForce activates an amendment, by the desk that an authority uses.
func (w *world) putIntoForce(a amendment) {
	w.deliver()
	w.n++
	a.n = w.n
	period := fmt.Sprintf("%d days", a.period.days)
	if a.period.months > 0 {
		period = fmt.Sprintf("%d months", a.period.months)
	}
	files := rewritten(w.pack(), a, period)
	desk := &amend.Desk{Desk: w.bed.Desk.Desk, DB: w.bed.DB, Clock: w.bed.Now, Changed: func() {},
		Follow: &follow.Follower{Set: w.bed.Desk.Policy, DB: w.bed.DB, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}}
	ctx := context.Background()
	made, err := desk.Plan(ctx, w.policy.name, files)
	if err != nil {
		w.fail("plan %+v: %v", a, err)
	}
	if _, err := desk.Activate(ctx, w.policy.name, files, made.Hash); err != nil {
		w.fail("activate %+v: %v", a, err)
	}
	if err := desk.Recompute(ctx, w.now); err != nil {
		w.fail("recompute under %+v: %v", a, err)
	}
	w.policy.amendments = append(slices.Clone(w.policy.amendments), a)
	census.add("amended " + a.requirement)
	w.agree()
}

func (w *world) pack() *packs.Pack {
	p, err := w.bed.Desk.Pack(w.policy.name)
	if err != nil {
		w.fail("%v", err)
	}
	return p
}

// rewritten adds the version to a pack's text, as somebody would who edits it.
func rewritten(p *packs.Pack, a amendment, period string) map[string]string {
	files := p.Files()
	newest := p.Versions[len(p.Versions)-1]
	head := fmt.Sprintf("{version: %q, validFrom: %s}\n", newest.Name, newest.ValidFrom)
	if !strings.Contains(files["authority.yaml"], head) {
		head = fmt.Sprintf("{version: %s, validFrom: %s}\n", newest.Name, newest.ValidFrom)
	}
	files["authority.yaml"] = strings.Replace(files["authority.yaml"], head, head+fmt.Sprintf("  - {version: %s, validFrom: %s}\n", a.version, a.from), 1)
	before, rule, _ := strings.Cut(files["rules.yaml"], "- id: "+a.requirement)
	rule, after, _ := strings.Cut(rule, "awaitReceipts")
	lines := strings.SplitAfter(rule, "\n")
	last := 0
	for i, line := range lines {
		if strings.Contains(line, "{validFrom:") {
			last = i
		}
	}
	_, mode, _ := strings.Cut(lines[last], "mode: ")
	added := fmt.Sprintf("      - {validFrom: %s, period: %s, mode: %s", a.from, period, mode)
	lines = slices.Insert(lines, last+1, added)
	files["rules.yaml"] = before + "- id: " + a.requirement + strings.Join(lines, "") + "awaitReceipts" + after
	return files
}
