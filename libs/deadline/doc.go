// Package deadline says when each disposal unit is gone, and by which rule: facts and a policy pack in, dates out.
//
// Whoever holds records and whoever keeps their clocks count alike because both count here: retention-timer arms by it,
// and each holder asks it once more, with its own facts, before anything is destroyed.
//
// The sentences behind the dates. A contact, a group's participant and a bare request go by the rule of their category,
// counted from the unit's own day. A person's identity goes a period after deregistration. A person's share of a case goes
// with the identity if the case was closed while that period ran, but never later than the ceiling counted from the case's
// own closing; a case that is open has no date. A single recording may be kept longer for a reason, never beyond its
// ceiling. Where a category is preserved, or the notice is silent, nothing runs.
//
// The package is pure: no clock, no database. Whether a date has come, is paused or was overtaken is decided elsewhere.
// Source: sections 2.1, 2.18 and 3 of the requirements.
package deadline
