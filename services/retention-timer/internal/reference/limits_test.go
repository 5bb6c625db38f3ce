package reference

// limit is a day from which a unit is gone, by one sentence.
type limit struct {
	day         date
	rule        string
	shortenedBy string
}

// limits are the three days of a unit, the day before which nobody deletes it, and the one that no hold passes.
type limits struct {
	normal, ceiling limit
	statutory       date
	floor, absolute date
}

// bound is the first day after the last one by law.
func (l limits) bound() date {
	if l.statutory.none() {
		return l.statutory
	}
	return l.statutory.plusDays(1)
}

// decides is the earlier of the two; of two on one day the normal one.
func (l limits) decides() limit {
	if l.normal.day.none() || !l.ceiling.day.none() && l.ceiling.day.before(l.normal.day) {
		return l.ceiling
	}
	return l.normal
}

func (r register) limit(sentence promise, d0 date, u *unit) limit {
	if sentence.requirement == "" || d0.none() {
		return limit{}
	}
	gone, by := r.policy.goneFrom(sentence, d0, u.collectedOn)
	return limit{gone, sentence.requirement, by}
}

func (r register) limits(u *unit) limits {
	switch {
	case u.category == "contact.recording":
		return r.recording(u)
	case u.category == consented:
		return limits{ceiling: r.limit(r.policy.contacts[u.category], u.withdrawnOn, u)}
	case u.group != "":
		return limits{normal: r.limit(r.policy.contacts[u.category], r.groups[u.group], u)}
	case u.category == "person.identity":
		return limits{normal: r.limit(r.policy.identity, r.persons[u.person].deregisteredOn, u)}
	case u.share != "":
		return r.ofCase(u)
	}
	return limits{normal: r.limit(r.policy.contacts[u.category], u.endedOn, u)}
}

// recording: six months; a single one longer, until its reason ends, never shorter for it, and at most twelve months from
// the call, which no hold passes.
func (r register) recording(u *unit) limits {
	normal := r.limit(r.policy.contacts[u.category], u.endedOn, u)
	most := r.limit(r.policy.extended, u.endedOn, u)
	if normal.day.none() {
		return limits{}
	}
	if last := u.extendedUntil; !last.none() {
		if !u.reasonEndedOn.none() && u.reasonEndedOn.before(last) {
			last = u.reasonEndedOn
		}
		if gone := last.plusDays(1); normal.day.before(gone) {
			normal = limit{day: gone, rule: r.policy.extended.requirement}
		}
	}
	return limits{normal: normal, ceiling: most, absolute: most.day}
}

// ofCase: the records of a case go by its last closure. The 26 months end them too, if the case was closed when they ran
// out; one that was open then has its own ceiling only.
func (r register) ofCase(u *unit) limits {
	promises, last := r.policy.caseType(u.caseType), r.shares[u.share].closedOn
	switch {
	case u.category == "case.document" && promises.preserved:
		return limits{}
	case last.none():
		return limits{}
	case u.category == "case.draft" && promises.drafts.requirement != "":
		return limits{normal: r.limit(promises.drafts, last, u)}
	}
	own := r.limit(promises.closed, last, u)
	l := limits{normal: own}
	if promises.closed.mode == ceiling {
		l = limits{ceiling: own}
	}
	if normal := r.limit(promises.person, r.persons[u.person].deregisteredOn, u); !normal.day.none() && last.before(normal.day) {
		l.normal = normal
	}
	if promises.recruiting {
		l.floor = own.day
	}
	if promises.statutory {
		l.statutory = date{last.year + 3, 12, 31}
	}
	return l
}
