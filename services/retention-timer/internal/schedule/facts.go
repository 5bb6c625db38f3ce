package schedule

import (
	"gallra.se/libs/calendar"
	"gallra.se/libs/deadline"
	"gallra.se/services/retention-timer/internal/store"
)

// Facts is the core's view of a unit of that kind, and of the person it is about, who was deregistered on that day.
func Facts(kind string, f store.Facts, deregisteredOn calendar.Date) deadline.Facts {
	return deadline.Facts{
		Category: f.Category, CaseType: f.CaseType, CollectedOn: f.CollectedOn,
		Own: f.OwnOn, ExtendedUntil: f.ExtendedUntil, ReasonEnded: f.ReasonEndedOn,
		Deregistered: deregisteredOn, InCase: kind == store.ShareUnit, Closed: f.ClosedOn,
	}
}
