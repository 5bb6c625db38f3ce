// Package accesslog writes down who reads personal data, why and when, shows it to the person, and reviews it every week
// (L-06: SFS 2002:623 section 20 c). It decides nothing about who may.
package accesslog

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/events"
	"gallra.se/libs/access"
	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/policy"
	"gallra.se/services/case-linker/internal/store"
)

// Log is the access log of this service's records and, by events, of the other holders'.
type Log struct {
	DB    *pgxpool.Pool
	Keys  *keyring.Ring
	Box   *outbox.Box
	Clock clock.Business
	Packs *policy.Set

	staff sync.Map    // of staffKey → uuid.UUID
	fresh atomic.Bool // lines were written that no review knows of
	once  sync.Once
	weeks *clock.Agenda
}

// Noticed says that a transaction writes lines; Look, after it was committed, has the reviews look at them.
func (l *Log) Noticed() { l.fresh.Store(true) }

// Look pokes the reviews where there is something new.
func (l *Log) Look() {
	if l.fresh.Swap(false) {
		l.Agenda().Poke()
	}
}

// Entry is one access to a record.
type Entry struct {
	Authority string
	Account   string
	Role      string
	Record    uuid.UUID
	Category  string
	Persons   []uuid.UUID // whom it is about; none: nobody known
	Action    string
	Purpose   string
	Outcome   string // events.AccessGiven, AccessRefused, AccessUnknown
	Signs     []string
}

// Write commits an entry with its event, before whoever asked gets an answer.
func (l *Log) Write(ctx context.Context, e Entry) error {
	staff, err := l.Staff(ctx, e.Authority, e.Account)
	if err != nil {
		return err
	}
	pack, ok := l.Packs.Pack(e.Authority)
	if !ok {
		return nil // a world that no pack knows holds nothing
	}
	now := l.Clock.Now()
	said := events.AccessLogged{Entry: uuid.New(), Record: e.Record, Category: e.Category, Action: e.Action, Purpose: access.KnownPurpose(pack, e.Purpose),
		Outcome: e.Outcome, At: now.UTC().Truncate(time.Microsecond), Actor: &staff, Persons: e.Persons}
	err = pg.Tx(ctx, l.DB, func(tx pgx.Tx) error {
		if err := store.LogAccess(ctx, tx, Lines(e.Authority, said, e.Persons, staff, e.Role, e.Signs)); err != nil {
			return err
		}
		return l.Box.Append(ctx, tx, outbox.Draft{Authority: e.Authority, Type: events.TypeAccessLogged, Subject: e.Record.String(),
			Key: e.Record.String(), PolicyVersion: pack.VersionOn(pack.Today(now)), Data: said})
	})
	if err == nil {
		l.Noticed()
		l.Look()
		l.Box.Committed()
	}
	return err
}

// Lines are the rows of an entry: one for each person whom the record is about.
func Lines(authority string, said events.AccessLogged, persons []uuid.UUID, staff uuid.UUID, role string, signs []string) []store.Access {
	if len(persons) == 0 {
		persons = []uuid.UUID{uuid.Nil}
	}
	lines := make([]store.Access, len(persons))
	for i, person := range persons {
		lines[i] = store.Access{Authority: authority, Entry: said.Entry, Person: person, At: said.At, Staff: staff, Role: role, Record: said.Record,
			Category: said.Category, Action: said.Action, Purpose: said.Purpose, Outcome: said.Outcome, Signs: signs}
	}
	return lines
}
