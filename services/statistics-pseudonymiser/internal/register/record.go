package register

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/events/contract"
	"gallra.se/services/statistics-pseudonymiser/internal/pseudonym"
	"gallra.se/services/statistics-pseudonymiser/internal/row"
	"gallra.se/services/statistics-pseudonymiser/internal/store"
)

// Recorded is a closed case, generalised at the edge.
type Recorded struct {
	R, T   pseudonym.Token
	Epoch  int // year of closure
	Fields events.StatisticsFields
}

// Record makes the row, corrects the one that is there, or applies what came
// before it: a withdrawn row is not made, a separated one is separated at once.
func (r *Register) Record(ctx context.Context, tx pgx.Tx, authority string, e Recorded) error {
	d, err := r.at(ctx, tx, authority, e.R)
	if err != nil {
		return err
	}
	kept, found, err := store.Linked(ctx, tx, authority, d.mac)
	if err != nil {
		return err
	}
	if found {
		return d.correct(kept, e)
	}
	early, err := store.Recall(ctx, tx, authority, d.mac)
	if err != nil || early.Kind == store.EarlyWithdrawn {
		return err
	}
	kept, err = d.make(e)
	if err != nil {
		return err
	}
	if early.Kind == store.EarlySeparated {
		return d.separate(kept, early.SeparatedOn)
	}
	return d.save(kept)
}

func (d *desk) make(e Recorded) (store.Kept, error) {
	epoch, err := d.Keys.Epoch(d.ctx, d.tx, d.authority, e.Epoch)
	if err != nil {
		return store.Kept{}, err
	}
	made, err := row.Record(uuid.New(), d.authority, e.Epoch, epoch.Person.Person(e.T), d.mac, e.Fields)
	if err != nil {
		return store.Kept{}, refuse(err)
	}
	if err := keepsContract(made); err != nil {
		return store.Kept{}, err
	}
	box, err := epoch.Seal(made.ID, e.Fields)
	return store.Kept{Row: made, Period: e.Fields.ClosedQuarter, Box: box}, err
}

func (d *desk) correct(kept store.Kept, e Recorded) error {
	if e.Epoch != kept.Epoch || e.Fields.ClosedQuarter != kept.Period {
		return Refusal("a correction does not move a row to another quarter")
	}
	epoch, err := d.Keys.Epoch(d.ctx, d.tx, d.authority, kept.Epoch)
	if err != nil {
		return err
	}
	if kept.Fields, err = epoch.Open(kept.ID, kept.Box); err != nil {
		return err
	}
	corrected, changed := kept.Correct(e.Fields)
	if !changed {
		return nil
	}
	if err := keepsContract(corrected); err != nil {
		return err
	}
	kept.Row = corrected
	if kept.Box, err = epoch.Seal(kept.ID, e.Fields); err != nil {
		return err
	}
	return d.save(kept)
}

// keepsContract refuses what analysts could not read. The schema's own error
// quotes the row, so it is not passed on.
func keepsContract(r row.Row) error {
	data, err := json.Marshal(r.Publication())
	if err != nil {
		return err
	}
	if contract.Validate(events.TypeStatisticsRow, data) != nil {
		return Refusal("the row does not keep the contract of statistics.row.v1")
	}
	return nil
}
