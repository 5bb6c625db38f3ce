package reference

import (
	"slices"
	"time"
)

// expectation is all that the notices say about one unit at one moment. A day is one from whose 00:00 it is gone; none
// where nothing runs.
type expectation struct {
	normal, ceiling, statutory date
	floor, absolute            date   // nobody deletes it before; no hold counts from then on
	ends                       date   // the earlier of the first two
	due                        date   // the first day on which it is gone: ends, or later when something kept it past that
	rule                       string // the sentence that decides
	versions                   string // the version at the collection and, if one did, the later one that shortened
	state                      string // idle, running, gone
	paused                     []string
	take                       bool   // it is to be destroyed now
	exceeded                   bool   // alive after the last day by law
	late                       bool   // it was past its date when it became known; said of contacts only
	instants                   []date // on whose 00:00 something may change
}

// expect is the reference model.
func expect(p policy, events []event, now time.Time) map[string]expectation {
	r := read(p, events)
	out := map[string]expectation{}
	for id, u := range r.units {
		out[id] = r.expect(id, u, now)
	}
	return out
}

func (r register) expect(id string, u *unit, now time.Time) expectation {
	if u.gone {
		return expectation{state: "gone"}
	}
	l := r.limits(u)
	x := expectation{normal: l.normal.day, ceiling: l.ceiling.day, statutory: l.statutory, floor: l.floor, absolute: l.absolute, state: "idle"}
	x.versions = r.policy.versionOn(u.collectedOn)
	x.paused, x.exceeded = r.paused(u), !l.statutory.none() && r.passed(l.bound(), now)
	decides := l.decides()
	if decides.day.none() {
		return x
	}
	x.state, x.rule, x.ends, x.due = "running", decides.rule, decides.day, decides.day
	if by := decides.shortenedBy; by != "" && by != x.versions {
		x.versions += " " + by
	}
	x.late = !u.toldAt.IsZero() && r.passed(x.ends, u.toldAt)
	resumes, retry := r.waits(id, decides)
	if x.due.before(resumes) {
		x.due = resumes
	}
	if !l.absolute.none() && l.absolute.before(x.due) {
		x.due = l.absolute
	}
	x.instants = []date{x.ends, x.due, retry, l.absolute, l.bound()}
	held := len(x.paused) > 0 && (l.absolute.none() || !r.passed(l.absolute, now))
	x.take = r.passed(x.due, now) && !r.waiting(retry, now) && !held
	return x
}

func (r register) passed(d date, now time.Time) bool { return !now.Before(d.midnight(r.policy.zone)) }

// paused lists why it may not be destroyed now, each reason once.
func (r register) paused(u *unit) []string {
	var reasons []string
	for _, h := range r.holds {
		if !h.released && r.covers(h, u) && !slices.Contains(reasons, h.reason) {
			reasons = append(reasons, h.reason)
		}
	}
	slices.Sort(reasons)
	return reasons
}

func (r register) covers(h *hold, u *unit) bool {
	switch h.scope {
	case "record":
		return slices.Contains(u.records, h.target)
	case "person":
		return u.person != "" && u.person == h.target
	}
	return u.share != "" && r.shares[u.share].caseID == h.target
}

// waits: what a hold has kept past its last day goes at the next 00:00 after the last release, or after the record that was
// held has left; and so does, by the same date, what its holder would not destroy.
func (r register) waits(id string, decides limit) (resumes, retry date) {
	for _, e := range r.events {
		frees := e.what == released || (e.what == adopted || e.what == parted) && e.from == id
		if refuses := e.what == declined && e.unit == id; !frees && !refuses {
			continue
		}
		then := read(r.policy, until(r.events, e.n))
		u := then.units[id]
		if u == nil {
			continue
		}
		was, next := then.limits(u).decides().day, r.dayOf(e.at).plusDays(1)
		switch {
		case was.none() || !then.passed(was, e.at):
		case !frees && was == decides.day && retry.before(next):
			retry = next
		case frees && resumes.before(next) && len(then.paused(u)) == 0 && r.pausedBefore(e, id) && !then.beyondHolds(u, e.at):
			resumes = next
		}
	}
	return resumes, retry
}

// beyondHolds: from its absolute day on no hold has kept it, so none can let it go later.
func (r register) beyondHolds(u *unit, at time.Time) bool {
	absolute := r.limits(u).absolute
	return !absolute.none() && r.passed(absolute, at)
}

func (r register) pausedBefore(e event, id string) bool {
	before := read(r.policy, until(r.events, e.n-1))
	return len(before.paused(before.units[id])) > 0
}

func (r register) waiting(until date, now time.Time) bool {
	return !until.none() && !r.passed(until, now)
}
