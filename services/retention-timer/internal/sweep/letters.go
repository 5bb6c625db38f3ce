package sweep

import (
	"strconv"

	"gallra.se/events"
	"gallra.se/libs/outbox"
	"gallra.se/services/retention-timer/internal/store"
)

// wholePersons leaves the last key's units for the next round when the limit may have cut them apart: what goes at one
// instant for one person goes in one event.
func wholePersons(taken []store.Unit, limit int) []store.Unit {
	if len(taken) < limit {
		return taken
	}
	last := len(taken) - 1
	for last > 0 && taken[last-1].Key == taken[len(taken)-1].Key {
		last--
	}
	if last == 0 {
		return taken
	}
	return taken[:last]
}

// letters makes the events: one per holder and partition for contacts, one per person for what case-linker holds.
func letters(taken []store.Unit) []outbox.Draft {
	var drafts []outbox.Draft
	place := map[string]int{} // address → index in drafts
	for _, u := range taken {
		to := u.Authority + "|" + u.Holder + "|" + lane(u)
		i, begun := place[to]
		if !begun {
			i = len(drafts)
			place[to] = i
			drafts = append(drafts, outbox.Draft{
				Authority: u.Authority, Type: events.TypeDisposalDue, Subject: u.Key, Key: u.Key,
				Data: events.DisposalDue{Holder: u.Holder}, PolicyVersion: u.PolicyVersion,
			})
		}
		letter := drafts[i].Data.(events.DisposalDue)
		letter.Units = append(letter.Units, events.DueUnit{
			Unit: u.ID, Rule: u.Rule, Trigger: u.Trigger, DueOn: u.DueOn.String(), DueAt: u.DueAt, PolicyVersion: u.PolicyVersion,
		})
		drafts[i].Data = letter
	}
	return drafts
}

func lane(u store.Unit) string {
	if u.Kind == store.ContactUnit {
		return strconv.Itoa(u.Partition)
	}
	return u.Key
}
