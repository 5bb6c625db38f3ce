package admission

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/services/intake/internal/contact"
	"gallra.se/services/intake/internal/store"
	"gallra.se/services/intake/internal/vault"
)

// retryAfter is when a sender should come again if case-linker is not there.
const retryAfter = 2 * time.Second

// entry is a line on its way in.
type entry struct {
	index   int // in the batch
	source  store.Source
	contact contact.Contact
	trace   string
	id      uuid.UUID
	ref     keyring.UnitRef
	row     store.Contact
	events  []outbox.Draft

	identity []byte // whose contact it is, sealed to case-linker under keyID; nil for nobody's
	keyID    string
}

// enter stores entries and writes their results. It returns the indexes of those
// that are to be looked at again, as somebody else has stored them first, or
// case-linker has given the key up that they were sealed to; the keys made for
// them are destroyed.
func (d *Desk) enter(ctx context.Context, entries []entry, results []Result) (overtaken []int, err error) {
	entries, err = d.prepare(ctx, entries, results)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	var won map[store.Source]bool
	err = pg.Tx(ctx, d.DB, func(tx pgx.Tx) error {
		won, err = d.write(ctx, tx, entries)
		return err
	})
	switch {
	case errors.Is(err, outbox.ErrKeyClosed):
		won = nil
	case err != nil:
		return nil, fmt.Errorf("store %d contacts: %w", len(entries), err)
	default:
		d.Box.Committed()
	}
	var unused []keyring.UnitRef
	for _, e := range entries {
		if won[e.source] {
			results[e.index] = Result{Answer: answer(e.id, e.contact.Record())}
			continue
		}
		overtaken = append(overtaken, e.index)
		if !e.contact.StoresNothing() {
			unused = append(unused, e.ref)
		}
	}
	return overtaken, d.Keys.Destroy(ctx, unused)
}

// prepare gives each entry an id, seals its note and whose it is, makes its key and
// encrypts its record. An entry that cannot be sealed gets its result and is left
// out, before there is a key for it.
func (d *Desk) prepare(ctx context.Context, entries []entry, results []Result) ([]entry, error) {
	ready := entries[:0:0]
	var wanted []keyring.Wanted
	for _, e := range entries {
		e.id = newID()
		if err := d.seal(ctx, &e); err != nil {
			results[e.index] = Result{Err: unavailable(ctx, d.Log, err)}
			continue
		}
		if !e.contact.StoresNothing() {
			e.ref = keyring.UnitRef{Authority: e.contact.Authority, ID: newID()}
			wanted = append(wanted, keyring.Wanted{Ref: e.ref, Page: d.page(e.contact)})
		}
		ready = append(ready, e)
	}
	if len(wanted) == 0 {
		return ready, nil
	}
	units, err := d.Keys.NewUnits(ctx, wanted)
	if err != nil {
		return nil, err
	}
	for i := range ready {
		if ready[i].contact.StoresNothing() {
			continue
		}
		if err := ready[i].encrypt(units[0]); err != nil {
			return nil, err
		}
		units = units[1:]
	}
	return ready, nil
}

// page is that of the day of creation: what is taken in on one day dies on one.
func (d *Desk) page(c contact.Contact) keyring.PageRule {
	pack, _ := d.Policy.Pack(c.Authority)
	return keyring.ByDay(c.Category, pack.Today(d.Business.Now()).String())
}

// seal seals to case-linker what it alone may read. A contact that could not be linked would escape the protection of its
// person, so none of somebody identified is taken in without.
func (d *Desk) seal(ctx context.Context, e *entry) (err error) {
	if of := e.contact.Person(); of != "" {
		if e.identity, e.keyID, err = d.Sealer.Identity(ctx, e.contact.Authority, e.id, of); err != nil {
			return err
		}
	}
	return d.sealNote(ctx, e)
}

func (d *Desk) sealNote(ctx context.Context, e *entry) error {
	note := e.contact.Note
	if note == nil {
		return nil
	}
	noted, err := d.Sealer.Seal(ctx, e.contact.Authority, e.id, newID(), e.contact.At,
		events.SealedNote{Case: note.Case, Text: note.Text, NationalID: note.NationalID})
	if err != nil {
		return err
	}
	e.events = append(e.events, outbox.Draft{Authority: e.contact.Authority, Type: events.TypeContactNoted,
		Subject: e.id.String(), Key: e.id.String(), Data: noted, KeyID: noted.KeyID, PolicyVersion: e.contact.Policy})
	return nil
}

func (e *entry) encrypt(unit *keyring.Unit) error {
	c := e.contact
	box, commitment, err := vault.Put(unit, e.id, c.Category, c.Record())
	if err != nil {
		return err
	}
	e.row = store.Contact{Authority: c.Authority, ID: e.id, Unit: e.ref.ID, Category: c.Category, EndedOn: c.EndedOn,
		Ciphertext: box, Fingerprint: vault.Fingerprint(unit, c.Fingerprint), Commitment: commitment}
	recorded := events.ContactRecorded{Contact: e.id, Unit: e.ref.ID, Category: c.Category, Channel: c.Channel,
		Identified: c.Identified, EndedAt: c.EndedAt, EndedOn: c.EndedOn.String(), PolicyVersion: c.Policy,
		Sealed: e.identity, KeyID: e.keyID}
	// The contact exists before its note.
	e.events = append([]outbox.Draft{{Authority: c.Authority, Type: events.TypeContactRecorded,
		Subject: e.id.String(), Key: e.id.String(), Data: recorded, KeyID: e.keyID, PolicyVersion: c.Policy}}, e.events...)
	return nil
}

// write is the one transaction. It returns the sources that it was first with.
func (d *Desk) write(ctx context.Context, tx pgx.Tx, entries []entry) (map[store.Source]bool, error) {
	sources, ids := make([]store.Source, len(entries)), make([]uuid.UUID, len(entries))
	for i, e := range entries {
		sources[i], ids[i] = e.source, e.id
	}
	won, err := store.AddTombstones(ctx, tx, sources, ids)
	if err != nil {
		return nil, err
	}
	var rows []store.Contact
	var drafts []outbox.Draft
	counts := map[string]int64{}
	for _, e := range entries {
		if !won[e.source] {
			continue
		}
		count(counts, e.contact)
		for _, told := range e.events {
			told.Trace = e.trace
			drafts = append(drafts, told)
		}
		if !e.contact.StoresNothing() {
			rows = append(rows, e.row)
		}
	}
	if err := store.AddContacts(ctx, tx, rows); err != nil {
		return nil, err
	}
	if err := store.Count(ctx, tx, counts); err != nil {
		return nil, err
	}
	return won, d.Box.Append(ctx, tx, drafts...)
}

// count adds what a contact adds to counters that name nobody.
func count(counts map[string]int64, c contact.Contact) {
	for _, name := range c.Dropped {
		counts["dropped/"+name]++
	}
	if !c.StoresNothing() {
		counts["stored/"+c.Category]++
	}
	if c.Counter != "" {
		counts[c.Counter]++
	}
}

// newID is opaque and in order of time.
func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
