// Package store keeps what retention-timer knows: facts, units, clocks, records, holds, watermarks, alarms and counts.
//
// One file per table. Every function works in the transaction it is given and decides nothing. Whoever changes the units
// of a person locks the person first (LockPerson), then the units in the order of their ids.
package store

import (
	"embed"
	"time"

	"github.com/google/uuid"

	"gallra.se/libs/pg"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the tables of this package.
func Migrations() pg.Migration {
	return pg.Migration{FS: migrations, Dir: "migrations", Table: "retention_timer_version"}
}

// known makes a nullable column of an id that may be uuid.Nil.
func known(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

// instant makes a nullable column of a time that may be zero.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func utc(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}
