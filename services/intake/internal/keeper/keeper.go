// Package keeper makes, finds and ends the records that do not come as contact lines: recordings, complaints, participants
// of groups. Each is a contact like any other, with a unit key of its own, a tombstone, and a disposal; a key is made
// before the transaction that needs it, and destroyed where the transaction was not the first.
package keeper

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/calendar"
	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/caselinker"
	"gallra.se/services/intake/internal/contact"
	"gallra.se/services/intake/internal/guard"
	"gallra.se/services/intake/internal/store"
	"gallra.se/services/intake/internal/vault"
)

// Keeper keeps records.
type Keeper struct {
	DB       *pgxpool.Pool
	Keys     *keyring.Ring
	Box      *outbox.Box
	Business clock.Business
	Policy   *policy.Set
	Sealer   *caselinker.Sealer
	Log      *slog.Logger
}

// Identity seals to case-linker who a record is about, so that the record is hidden with its person; nil where nobody is
// known. While case-linker is away the caller is asked to come again: a record that could not be linked would escape its
// person's protection.
func (k *Keeper) Identity(ctx context.Context, authority string, record uuid.UUID, nationalID string) (box []byte, keyID string, err error) {
	if nationalID == "" {
		return nil, "", nil
	}
	if box, keyID, err = k.Sealer.Identity(ctx, authority, record, nationalID); err != nil {
		k.Log.WarnContext(ctx, "case-linker's transport key cannot be had", "error", err.Error())
		err = problem.Unavailable(comeBack)
	}
	return box, keyID, err
}

// comeBack is when a caller should come again if case-linker is not there.
const comeBack = 2 * time.Second

// Pack of an authority that somebody works for; one without is refused.
func (k *Keeper) Pack(authority string) (*policy.Pack, error) {
	pack, ok := k.Policy.Pack(authority)
	if !ok {
		return nil, problem.New("unknown-authority")
	}
	return pack, nil
}

// Fresh is a record to be made.
type Fresh struct {
	Authority string
	ID, Unit  uuid.UUID
	Category  string
	Page      keyring.PageRule
	Source    []byte        // MAC by which a repeat is known
	Canonical []byte        // what a repeat must equal
	EndedOn   calendar.Date // zero: not yet
	Record    contact.Record
}

// Source is what is remembered of a sender's own name for something: its MAC. The kind keeps names of different things
// apart.
func (k *Keeper) Source(ctx context.Context, authority, kind, name string) ([]byte, error) {
	mac, err := k.Keys.TombstoneMAC(ctx, authority, []byte(kind+"\x00"+name))
	if err != nil {
		return nil, fmt.Errorf("recognise %s: %w", kind, err)
	}
	return mac, nil
}

// Make makes the unit key of a record and encrypts the record.
func (k *Keeper) Make(ctx context.Context, f Fresh) (*keyring.Unit, store.Contact, error) {
	unit, err := k.Keys.NewUnit(ctx, keyring.UnitRef{Authority: f.Authority, ID: f.Unit}, f.Page)
	if err != nil {
		return nil, store.Contact{}, err
	}
	f.Record.Stamp = k.stamp(f)
	box, commitment, err := vault.Put(unit, f.ID, f.Category, f.Record)
	return unit, store.Contact{Authority: f.Authority, ID: f.ID, Unit: f.Unit, Category: f.Category, EndedOn: f.EndedOn, Ciphertext: box,
		Fingerprint: vault.Fingerprint(unit, f.Canonical), Commitment: commitment}, err
}

// stamp says why the record may exist. It comes from the person, unless the record says otherwise.
func (k *Keeper) stamp(f Fresh) contact.Stamp {
	pack, known := k.Policy.Pack(f.Authority)
	if !known {
		return f.Record.Stamp
	}
	source := f.Record.Source
	if source == "" {
		source = contact.Subject
	}
	return contact.StampOf(pack, f.Category, source, nil, k.Today(pack))
}

// Enter makes a record; also writes what stands beside it, and returns the events. won is false where the source had been
// there before: then nothing was written, and a key that nobody else uses is to be discarded.
func (k *Keeper) Enter(ctx context.Context, f Fresh, also func(pgx.Tx) ([]outbox.Draft, error)) (won bool, err error) {
	_, row, err := k.Make(ctx, f)
	if err != nil {
		return false, err
	}
	err = pg.Tx(ctx, k.DB, func(tx pgx.Tx) error {
		won, err = k.write(ctx, tx, f, row, also)
		return err
	})
	if err != nil {
		return false, err // the key is an orphan, which the sweep destroys
	}
	if won {
		k.Box.Committed()
	}
	return won, nil
}

// Discard destroys the key of a record that was not written, and that is no other's.
func (k *Keeper) Discard(ctx context.Context, f Fresh) error {
	return k.Keys.Destroy(ctx, []keyring.UnitRef{{Authority: f.Authority, ID: f.Unit}})
}

func (k *Keeper) write(ctx context.Context, tx pgx.Tx, f Fresh, row store.Contact, also func(pgx.Tx) ([]outbox.Draft, error)) (bool, error) {
	source := store.Source{Authority: f.Authority, MAC: [32]byte(f.Source)}
	won, err := store.AddTombstones(ctx, tx, []store.Source{source}, []uuid.UUID{f.ID})
	if err != nil || !won[source] {
		return false, err
	}
	if err := store.AddContacts(ctx, tx, []store.Contact{row}); err != nil {
		return false, err
	}
	counts := map[string]int64{"stored/" + f.Category: 1}
	for _, name := range f.Record.Dropped {
		counts["dropped/"+name]++
	}
	if err := store.Count(ctx, tx, counts); err != nil {
		return false, err
	}
	drafts, err := also(tx)
	if err != nil {
		return false, err
	}
	return true, k.Box.Append(ctx, tx, drafts...)
}

// Find finds a record of the category: not-found for what never was, or is something else; gone for what is due, being
// destroyed or destroyed.
func (k *Keeper) Find(ctx context.Context, authority string, id uuid.UUID, category string) (store.Holding, error) {
	held, err := store.FindContact(ctx, k.DB, authority, id)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return held, problem.New("not-found")
	case err != nil:
		return held, err
	case guard.HidesFromPeople(ctx, held.Protected):
		return held, problem.New("not-found")
	case held.Living && held.Category != category:
		return held, problem.New("not-found")
	case !held.Readable(k.Business.Now()):
		return held, problem.New("gone")
	}
	return held, nil
}

// Unit is the key of a record that was found.
func (k *Keeper) Unit(ctx context.Context, authority string, id uuid.UUID) (*keyring.Unit, error) {
	unit, err := k.Keys.Unit(ctx, keyring.UnitRef{Authority: authority, ID: id})
	if errors.Is(err, keyring.ErrDestroyed) {
		return nil, problem.New("gone")
	}
	return unit, err
}

// Open decrypts a record that was found.
func (k *Keeper) Open(ctx context.Context, authority string, held store.Holding) (*keyring.Unit, contact.Record, error) {
	unit, err := k.Unit(ctx, authority, held.Unit)
	if err != nil {
		return nil, contact.Record{}, err
	}
	record, err := vault.Get(unit, held.ID, held.Category, held.Ciphertext)
	return unit, record, err
}

// Change runs a transaction that changes a record, with its events.
func (k *Keeper) Change(ctx context.Context, change func(pgx.Tx) ([]outbox.Draft, error)) error {
	err := pg.Tx(ctx, k.DB, func(tx pgx.Tx) error {
		drafts, err := change(tx)
		if err != nil {
			return err
		}
		return k.Box.Append(ctx, tx, drafts...)
	})
	if err == nil {
		k.Box.Committed()
	}
	return err
}

// Version is that of the policy on the authority's present day.
func (k *Keeper) Version(pack *policy.Pack) string { return pack.VersionOn(k.Today(pack)) }

// Today is the authority's present day.
func (k *Keeper) Today(pack *policy.Pack) calendar.Date { return pack.Today(k.Business.Now()) }

// NewID is opaque and in order of time.
func NewID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
