// Package row is one row of the statistics store and what may happen to it:
//
//	recorded ──► linked ──► separated ──► gone after its own period
//	               └─ withdrawn: gone at once
//
// A linked row is found by the MAC of its token r and may be corrected. A
// separated one has no MAC and another p: nobody can say whose it is, and all
// that is left to happen to it is its end. Pure: keys, dates and ids are
// arguments.
package row

import (
	"errors"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/calendar"
)

// State of a row.
type State string

const (
	Linked    State = "linked"
	Separated State = "separated"
)

// SchemaVersion of the rows that analysts read.
const SchemaVersion = 1

// Row is one closed case of one person, as statistics know it.
type Row struct {
	ID          uuid.UUID // random, means nothing elsewhere
	Authority   string
	Epoch       int // year of closure
	State       State
	P           string // stands for the person, within the epoch
	MAC         []byte // of r; nil once separated
	Fields      events.StatisticsFields
	Revision    int
	SeparatedOn calendar.Date // zero while linked
	DueAt       time.Time     // gone from this instant; zero while linked
}

var errEpoch = errors.New("the epoch is not the year of closure")

// Record is a new linked row.
func Record(id uuid.UUID, authority string, epoch int, p string, mac []byte, f events.StatisticsFields) (Row, error) {
	year, _, _ := strings.Cut(f.ClosedQuarter, "Q")
	if year != strconv.Itoa(epoch) {
		return Row{}, errEpoch
	}
	return Row{ID: id, Authority: authority, Epoch: epoch, State: Linked, P: p, MAC: mac, Fields: f, Revision: 1}, nil
}

// Correct is the row with other fields; changed is false when they are the same,
// as they are on a second delivery.
func (r Row) Correct(f events.StatisticsFields) (corrected Row, changed bool) {
	if r.State != Linked || reflect.DeepEqual(r.Fields, f) {
		return r, false
	}
	r.Fields = f
	r.Revision++
	return r, true
}

// Separate cuts the row off: no MAC, p overwritten, a clock of its own.
func (r Row) Separate(fresh string, on calendar.Date, dueAt time.Time) Row {
	if r.State != Linked {
		return r
	}
	r.State, r.MAC, r.P = Separated, nil, fresh
	r.SeparatedOn, r.DueAt = on, dueAt
	r.Revision++
	return r
}

// Publication is what analysts read of it.
func (r Row) Publication() events.StatisticsRow {
	return events.StatisticsRow{RecordID: r.ID.String(), PersonPsn: r.P, Epoch: r.Epoch, Revision: r.Revision,
		SchemaVersion: SchemaVersion, StatisticsFields: r.Fields}
}
