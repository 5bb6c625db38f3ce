package consume

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
	"gallra.se/services/intake/internal/recording"
	"gallra.se/services/intake/internal/store"
)

// keptLonger are the reasons for which recordings among the contacts are kept longer, by contact.
func (c *Consumer) keptLonger(ctx context.Context, tx pgx.Tx, authority string, facts map[uuid.UUID]store.Facts) (map[uuid.UUID][]recording.Reason, error) {
	pack, ok := c.Policy.Pack(authority)
	if !ok {
		return nil, nil // decide refuses
	}
	var extensible []uuid.UUID
	for _, f := range facts {
		if _, ok := pack.Extension(f.Category); ok {
			extensible = append(extensible, f.Contact)
		}
	}
	rows, err := store.ExtensionsOf(ctx, tx, authority, extensible)
	if err != nil {
		return nil, err
	}
	longer := map[uuid.UUID][]recording.Reason{}
	for contact, extensions := range rows {
		for _, e := range extensions {
			longer[contact] = append(longer[contact], recording.Reason{Name: e.Reason, Until: e.UntilOn, EndedOn: e.EndedOn})
		}
	}
	return longer, nil
}

// neededLonger says that a recording is kept for a reason of its own: beyond its time, and from an erasure while the reason
// stands (GDPR article 17.3 e).
func neededLonger(pack *policy.Pack, f store.Facts, reasons []recording.Reason, u events.DueUnit, dueOn calendar.Date) bool {
	if u.Trigger == events.TriggerErasureOrdered {
		_, _, stands := recording.Kept{Category: f.Category, EndedOn: f.EndedOn, Reasons: reasons}.Last()
		return stands
	}
	return keptBeyond(pack, f, reasons, dueOn)
}

// keptBeyond says that a recording is kept longer than to that day, as far as intake itself knows (KSC-14).
func keptBeyond(pack *policy.Pack, f store.Facts, reasons []recording.Reason, dueOn calendar.Date) bool {
	k := recording.Kept{Category: f.Category, EndedOn: f.EndedOn, Reasons: reasons}
	return len(reasons) > 0 && dueOn.Before(k.GoneFrom(pack))
}
