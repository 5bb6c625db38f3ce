package casework

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/store"
)

// Levels of protection. An assumed identity looks like any other: its holder registers under the new number as somebody
// new, and nothing here leads from one number to the other. What is marked as assumed is the identity that was left.
const (
	Marker                = "marker"                // secrecy marker in the population register
	ProtectedRegistration = "protectedRegistration" // registered elsewhere than at home
	Assumed               = "assumed"
	NonDisclosure         = "fiNonDisclosure" // personal safety ban, Finland
)

// levels are those of a country.
var levels = map[string][]string{"SE": {Marker, ProtectedRegistration, Assumed}, "FI": {NonDisclosure}}

// categoryProtection and categoryPlan bind what is encrypted to what it is.
const (
	categoryProtection = "person.protection"
	categoryPlan       = "person.protection-plan"
)

// Protection is what is encrypted of a mark, under the person's key.
type Protection struct {
	Salt  []byte    `json:"salt"`
	Level string    `json:"level"`
	At    time.Time `json:"at"` // since when, UTC
}

// plan is what is encrypted of a plan.
type plan struct {
	Salt   []byte   `json:"salt"`
	Fields []string `json:"fields"`
}

// Mark says that a person is protected (AFG-08).
type Mark struct {
	Authority, NationalID, Level string
	At                           time.Time // zero: now
}

// Protect marks a person; again is true for one who was protected already, whose level is the new one from then on. It counts
// for everything that lives: what was recorded before is hidden from that moment. Whoever calls it has seen to it that the
// caller is appointed.
func (d *Desk) Protect(ctx context.Context, m Mark) (id uuid.UUID, again bool, err error) {
	pack, known := d.Rules.Packs.Pack(m.Authority)
	if !known {
		return id, false, problem.New("not-found")
	}
	if !slices.Contains(levels[pack.Country], m.Level) {
		return id, false, problem.OnField("invalid-field", "level")
	}
	now := d.Clock.Now()
	if m.At.IsZero() {
		m.At = now
	}
	if m.At.After(now.Add(line.Skew)) {
		return id, false, problem.OnField("invalid-time", "at")
	}
	number, err := line.Number(pack, m.NationalID, now, d.Rules.Simulated)
	if err != nil {
		return id, false, err
	}
	person, unit, err := d.personOf(ctx, pack, number)
	if is(err, "unknown-person") {
		return id, false, problem.New("not-found")
	}
	if err != nil {
		return id, false, err
	}
	content, _, err := seal(unit, m.Authority, person.Person, categoryProtection, Protection{Salt: newSalt(), Level: m.Level, At: m.At.UTC()})
	if err != nil {
		return id, false, err
	}
	err = d.ofPerson(ctx, m.Authority, person.Person, func(tx pgx.Tx) error {
		fresh, err := store.SaveProtection(ctx, tx, m.Authority, person.Person, content)
		if again = err == nil && !fresh; err != nil || again {
			return err
		}
		return d.Box.Append(ctx, tx, protection(m.Authority, events.TypeProtectionMarked, person.Person, events.ProtectionMarked{Person: person.Person}))
	})
	return person.Person, again, err
}

// Unprotect lifts a protection, with its plans. What was destroyed meanwhile stays hidden.
func (d *Desk) Unprotect(ctx context.Context, authority string, id uuid.UUID) error {
	return d.ofPerson(ctx, authority, id, func(tx pgx.Tx) error {
		was, err := store.DropProtection(ctx, tx, authority, id)
		if err != nil {
			return err
		}
		if !was {
			return problem.New("not-found")
		}
		return d.Box.Append(ctx, tx, protection(authority, events.TypeProtectionLifted, id, events.ProtectionLifted{Person: id}))
	})
}

// PlanFor writes down which fields one recipient gets, as the person and the authority have signed (AFG-09); none takes the plan
// back.
func (d *Desk) PlanFor(ctx context.Context, authority string, id uuid.UUID, recipient string, fields []string) error {
	if err := d.plannable(authority, recipient, fields); err != nil {
		return err
	}
	_, found, err := store.FindProtection(ctx, d.DB, authority, id)
	if err != nil {
		return err
	}
	if !found {
		return problem.New("not-found")
	}
	unit, err := d.livingKey(ctx, authority, id)
	if err != nil {
		return err
	}
	content, _, err := seal(unit, authority, id, categoryPlan+"/"+recipient, plan{newSalt(), fields})
	if err != nil {
		return err
	}
	return d.ofPerson(ctx, authority, id, func(tx pgx.Tx) error {
		if _, found, err := store.FindProtection(ctx, tx, authority, id); err != nil || !found {
			return orNotFound(err)
		}
		if err := store.SavePlan(ctx, tx, authority, id, store.Plan{Recipient: recipient, Content: content}); err != nil {
			return err
		}
		return d.Box.Append(ctx, tx, protection(authority, events.TypeProtectionPlanned, id, events.ProtectionPlanned{Person: id}))
	})
}

func (d *Desk) plannable(authority, recipient string, fields []string) error {
	pack, known := d.Rules.Packs.Pack(authority)
	if !known {
		return problem.New("not-found")
	}
	listed, known := pack.Recipient(recipient)
	if !known {
		return problem.OnField("invalid-field", "recipient")
	}
	if slices.ContainsFunc(fields, func(name string) bool { return !slices.Contains(listed.Fields, name) }) || len(fields) > len(listed.Fields) {
		return problem.OnField("invalid-field", "fields")
	}
	return nil
}

// ProtectionView is what an appointed officer gets of a protection.
type ProtectionView struct {
	Person uuid.UUID           `json:"person"`
	Level  string              `json:"level"`
	Since  time.Time           `json:"since"`
	Plans  map[string][]string `json:"plans"` // fields, by recipient
}

// ReadProtection reads a protection with its plans.
func (d *Desk) ReadProtection(ctx context.Context, authority string, id uuid.UUID) (ProtectionView, error) {
	content, found, err := store.FindProtection(ctx, d.DB, authority, id)
	if err != nil || !found {
		return ProtectionView{}, orNotFound(err)
	}
	unit, err := d.livingKey(ctx, authority, id)
	if err != nil {
		return ProtectionView{}, err
	}
	p, err := open[Protection](unit, authority, id, categoryProtection, content)
	if err != nil {
		return ProtectionView{}, err
	}
	plans, err := store.Plans(ctx, d.DB, authority, id)
	if err != nil {
		return ProtectionView{}, err
	}
	v := ProtectionView{Person: id, Level: p.Level, Since: p.At, Plans: map[string][]string{}}
	for _, kept := range plans {
		agreed, err := open[plan](unit, authority, id, categoryPlan+"/"+kept.Recipient, kept.Content)
		if err != nil {
			return v, err
		}
		if len(agreed.Fields) > 0 {
			v.Plans[kept.Recipient] = agreed.Fields
		}
	}
	return v, nil
}

// agreed are the fields that one recipient may have of a protected person: none where there is no plan.
func (d *Desk) agreed(ctx context.Context, unit *keyring.Unit, authority string, id uuid.UUID, recipient string) ([]string, error) {
	kept, found, err := store.FindPlan(ctx, d.DB, authority, id, recipient)
	if err != nil || !found || unit == nil {
		return nil, err
	}
	agreed, err := open[plan](unit, authority, id, categoryPlan+"/"+recipient, kept.Content)
	return agreed.Fields, err
}

// ofPerson changes what is known of a living person, under its lock.
func (d *Desk) ofPerson(ctx context.Context, authority string, id uuid.UUID, change func(pgx.Tx) error) error {
	pack, known := d.Rules.Packs.Pack(authority)
	if !known {
		return problem.New("not-found")
	}
	err := pg.Tx(ctx, d.DB, func(tx pgx.Tx) error {
		locked, err := store.LockPersons(ctx, tx, authority, []uuid.UUID{id})
		if err != nil {
			return err
		}
		if person, there := locked[id]; there && d.gone(pack, person) {
			return problem.New("gone")
		}
		return change(tx)
	})
	if err == nil {
		d.Box.Committed()
	}
	return err
}

func orNotFound(err error) error {
	if err != nil {
		return err
	}
	return problem.New("not-found")
}

func protection(authority, eventType string, person uuid.UUID, data any) outbox.Draft {
	return outbox.Draft{Authority: authority, Type: eventType, Subject: person.String(), Key: person.String(), Data: data}
}
