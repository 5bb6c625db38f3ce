package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/access"
	"gallra.se/libs/bearer"
	"gallra.se/libs/keyring"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/contact"
	"gallra.se/services/intake/internal/guard"
	"gallra.se/services/intake/internal/store"
	"gallra.se/services/intake/internal/vault"
)

// reading is what a reader sees of a contact.
type reading struct {
	ID         uuid.UUID         `json:"id"`
	Category   string            `json:"category"`
	Channel    string            `json:"channel"`
	Identified bool              `json:"identified"`
	StartedAt  time.Time         `json:"startedAt,omitzero"`
	EndedAt    time.Time         `json:"endedAt"`
	Line       string            `json:"line,omitempty"`
	Fields     map[string]string `json:"fields"`
	Stored     []string          `json:"stored"`
	Due        string            `json:"due,omitempty"` // civil date from whose 00:00 it is gone
	DueAt      *time.Time        `json:"dueAt,omitempty"`
	Held       bool              `json:"held,omitempty"` // a hold keeps it beyond that
	Service    string            `json:"service,omitempty"`
	Campaign   string            `json:"campaign,omitempty"`
	Consent    bool              `json:"consent,omitempty"`
	Policy     string            `json:"policy"`
	Notice     contact.Notice    `json:"notice"`
	contact.Stamp
	LinkedCase   *uuid.UUID    `json:"linkedCase,omitempty"`
	UnlinkedNote *unlinkedNote `json:"unlinkedNote,omitempty"`
}

// unlinkedNote says that there is a note that no case could take, and why.
type unlinkedNote struct {
	Reason string `json:"reason"`
}

// read answers a contact of the caller's authority: 404 what never was, or is
// another's; 410 what is due, being destroyed or gone.
func (a *API) read(w http.ResponseWriter, r *http.Request) {
	held, record, err := a.opened(r)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	answer(w, http.StatusOK, readingOf(held, record))
}

func readingOf(held store.Holding, record contact.Record) reading {
	seen := reading{ID: held.ID, Category: held.Category, Channel: record.Channel, Identified: record.Identified,
		StartedAt: record.StartedAt, EndedAt: record.EndedAt, Line: record.Line, Fields: record.Fields, Stored: record.Stored,
		Due: held.DueOn.String(), DueAt: held.DueAt, Held: held.Held, Notice: record.Notice, LinkedCase: held.LinkedCase,
		Service: record.Service, Campaign: record.Campaign, Consent: record.Consent, Policy: record.Policy, Stamp: record.Stamp}
	if held.UnlinkedReason != nil {
		seen.UnlinkedNote = &unlinkedNote{Reason: *held.UnlinkedReason}
	}
	return seen
}

// opened is a contact that the caller may read; that it was read, or could not be, is written down.
func (a *API) opened(r *http.Request) (store.Holding, contact.Record, error) {
	return a.openedTo(r, access.Read, r.PathValue("id"))
}

// openedTo is opened for another thing to do, or another name of the id.
func (a *API) openedTo(r *http.Request, action access.Action, id string) (store.Holding, contact.Record, error) {
	held, record, err := a.open(r.Context(), id)
	if err != nil {
		asked, _ := uuid.Parse(id)
		return held, record, a.Guard.Unknown(r, action, asked, err)
	}
	return held, record, a.Guard.Admit(r, action, guard.Seen{Record: held.ID, Category: held.Category, Protected: held.Protected,
		NationalID: record.Fields["nationalId"], Name: record.Fields["name"], Address: record.Fields["address"]})
}

// open finds a contact of the caller's authority that may be read now.
func (a *API) open(ctx context.Context, id string) (store.Holding, contact.Record, error) {
	caller, ok := bearer.From(ctx)
	if !ok {
		return store.Holding{}, contact.Record{}, problem.New("unauthorized")
	}
	parsed, err := uuid.Parse(id)
	if err != nil {
		return store.Holding{}, contact.Record{}, problem.New("not-found")
	}
	held, err := store.FindContact(ctx, a.DB, caller.Authority, parsed)
	if errors.Is(err, pgx.ErrNoRows) {
		return held, contact.Record{}, problem.New("not-found")
	}
	if err != nil {
		return held, contact.Record{}, err
	}
	if guard.Hides(ctx, held.Protected) {
		return held, contact.Record{}, problem.New("not-found")
	}
	if !held.Readable(a.Business.Now()) {
		return held, contact.Record{}, problem.New("gone")
	}
	unit, err := a.Keys.Unit(ctx, keyring.UnitRef{Authority: caller.Authority, ID: held.Unit})
	if errors.Is(err, keyring.ErrDestroyed) {
		return held, contact.Record{}, problem.New("gone")
	}
	if err != nil {
		return held, contact.Record{}, err
	}
	record, err := vault.Get(unit, held.ID, held.Category, held.Ciphertext)
	if err == nil && record.Campaign != "" {
		err = a.unlessObjected(ctx, caller.Authority, record)
	}
	return held, record, err
}
