// Package casework carries out what a person.* or case.* line decides, and keeps the notes taken in contacts.
//
// Every change is one transaction that first locks the persons it is about (the disposal veto relies on it), and ends
// with its outbox rows and the command that remembers it. Keys are made and opened before the transaction, never in it.
package casework

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/access"
	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/peers"
	"gallra.se/services/case-linker/internal/store"
)

// Desk carries out lines and keeps notes.
type Desk struct {
	DB    *pgxpool.Pool
	Keys  *keyring.Ring
	Box   *outbox.Box
	Peers *peers.Peers
	Clock clock.Business
	Rules line.Rules
}

// Answer is what the sender of a line gets: opaque ids, and the notice that the person was pointed to.
type Answer struct {
	ID            uuid.UUID `json:"id"`     // the person, or the case
	Record        uuid.UUID `json:"record"` // the person.identity or case.file record
	Stored        []string  `json:"stored,omitempty"`
	Dropped       []string  `json:"dropped,omitempty"`
	NoticeVersion string    `json:"noticeVersion"`
	NoticeURL     string    `json:"noticeUrl"`
}

// change is a line that is ready to be carried out.
type change struct {
	answer Answer
	unit   *keyring.Unit // whose key fingerprints the line
	ref    uuid.UUID     // the unit's id
	apply  func(ctx context.Context, tx pgx.Tx) error
}

var (
	errQuicker = errors.New("another request with this id was quicker")
	errStale   = errors.New("what was prepared is out of date")
)

// Carry carries out a line for the caller in ctx, or says why not with a problem. duplicate is true when it had been carried out before; the
// answer is then that of the first time.
func (d *Desk) Carry(ctx context.Context, raw []byte) (a Answer, duplicate bool, err error) {
	l, err := d.Rules.Judge(raw, d.Clock.Now())
	if err != nil {
		return Answer{}, false, err
	}
	if !bearer.BelongsTo(ctx, l.Authority) {
		return Answer{}, false, problem.New("forbidden")
	}
	if c, _ := bearer.From(ctx); outsider(c) {
		return Answer{}, false, problem.ByRule("forbidden", access.RoleRequirement)
	}
	mac, err := d.Keys.TombstoneMAC(ctx, l.Authority, []byte("line|"+l.SourceID))
	if err != nil {
		return Answer{}, false, err
	}
	for range 4 {
		a, duplicate, err = d.carryOnce(ctx, l, mac)
		if !errors.Is(err, errQuicker) && !errors.Is(err, errStale) {
			return a, duplicate, err
		}
	}
	return a, duplicate, err
}

// outsider says whether the caller is only somebody who gets or processes data for the authority: nobody who registers
// persons or decides about cases.
func outsider(c bearer.Claims) bool {
	return !slices.ContainsFunc(c.Roles, func(role string) bool { return role != Processor && role != "analyst" && role != "recipient" })
}

func (d *Desk) carryOnce(ctx context.Context, l line.Line, mac []byte) (Answer, bool, error) {
	earlier, found, err := store.FindCommand(ctx, d.DB, l.Authority, mac)
	if err != nil {
		return Answer{}, false, fmt.Errorf("look for earlier line: %w", err)
	}
	if found {
		a, err := d.again(ctx, l, earlier)
		return a, err == nil, err
	}
	a, err := d.carryFresh(ctx, l, mac)
	if problem.Refused(err) { // what speaks against it may be its like, carried out since we looked
		if _, found, fault := store.FindCommand(ctx, d.DB, l.Authority, mac); fault == nil && found {
			err = errQuicker
		}
	}
	return a, false, err
}

func (d *Desk) carryFresh(ctx context.Context, l line.Line, mac []byte) (Answer, error) {
	c, err := d.prepare(ctx, l)
	if err != nil {
		return Answer{}, err
	}
	c.answer.NoticeVersion, c.answer.NoticeURL = l.Pack.Notice.Version, l.Pack.Notice.URL
	answer, err := json.Marshal(c.answer)
	if err != nil {
		return Answer{}, err
	}
	err = pg.Tx(ctx, d.DB, func(tx pgx.Tx) error {
		if err := c.apply(ctx, tx); err != nil {
			return err
		}
		fresh, err := store.InsertCommand(ctx, tx, store.Command{Authority: l.Authority, SourceMAC: mac, Unit: c.ref,
			Fingerprint: c.unit.MAC("line", l.Canonical), Answer: answer})
		if err == nil && !fresh {
			err = errQuicker
		}
		return err
	})
	if err != nil {
		return Answer{}, err
	}
	d.Box.Committed()
	return c.answer, nil
}

// again answers a repeat. While the unit lives its key tells the same content from another; after that any repeat
// counts as the same (D16).
func (d *Desk) again(ctx context.Context, l line.Line, earlier store.Command) (Answer, error) {
	var a Answer
	if err := json.Unmarshal(earlier.Answer, &a); err != nil {
		return a, fmt.Errorf("read earlier answer: %w", err)
	}
	if earlier.Fingerprint == nil {
		return a, nil
	}
	unit, err := d.Keys.Unit(ctx, ref(l.Authority, earlier.Unit))
	switch {
	case errors.Is(err, keyring.ErrDestroyed), errors.Is(err, keyring.ErrUnknown):
		return a, nil
	case err != nil:
		return a, err
	case !equal(unit.MAC("line", l.Canonical), earlier.Fingerprint):
		return a, problem.New("conflicting-duplicate")
	}
	return a, nil
}

func (d *Desk) prepare(ctx context.Context, l line.Line) (change, error) {
	switch l.Kind {
	case line.PersonRegistered:
		return d.registered(ctx, l)
	case line.PersonDeregistered:
		return d.deregistered(ctx, l)
	case line.PersonCorrected:
		return d.corrected(ctx, l)
	case line.CaseOpened:
		return d.opened(ctx, l)
	case line.CaseClosed:
		return d.closed(ctx, l)
	case line.CaseReopened:
		return d.reopened(ctx, l)
	}
	panic("line.Judge let an unknown kind through")
}
