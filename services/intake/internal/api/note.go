package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/access"
	"gallra.se/libs/bearer"
	"gallra.se/libs/door"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
	"gallra.se/services/intake/internal/contact"
	"gallra.se/services/intake/internal/store"
)

// noting is the body of a note.
type noting struct {
	At       string `json:"at"`
	Case     string `json:"case"`
	Text     string `json:"text"`
	Relevant bool   `json:"relevant"`
}

// noted is the answer: the note's id, or that it was dropped.
type noted struct {
	Note          *uuid.UUID `json:"note,omitempty"`
	Dropped       []string   `json:"dropped,omitempty"`
	NoticeVersion string     `json:"noticeVersion"` // what the person of the contact was pointed to
	NoticeURL     string     `json:"noticeUrl"`
}

// note sends an officer's later note on to the case; intake keeps nothing of it.
func (a *API) note(w http.ResponseWriter, r *http.Request) {
	given, at, err := a.noteOf(w, r)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	held, record, err := a.open(r.Context(), r.PathValue("id"))
	if err != nil {
		a.fail(w, r, err)
		return
	}
	if !given.Relevant {
		answer(w, http.StatusAccepted, noted{Dropped: []string{"note"}, NoticeVersion: record.Notice.Version, NoticeURL: record.Notice.URL})
		return
	}
	id, err := a.send(r.Context(), held, record, given, at)
	if errors.Is(err, outbox.ErrKeyClosed) { // given up meanwhile: sealed to the next key
		id, err = a.send(r.Context(), held, record, given, at)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	answer(w, http.StatusAccepted, noted{Note: &id, NoticeVersion: record.Notice.Version, NoticeURL: record.Notice.URL})
}

func (a *API) noteOf(w http.ResponseWriter, r *http.Request) (given noting, at time.Time, err error) {
	body, err := door.Body(w, r)
	if err == nil {
		err = strict.Decode(body, &given)
	}
	if err != nil {
		return given, at, err
	}
	at, err = contact.Later{At: given.At, Case: given.Case, Text: given.Text, Relevant: given.Relevant}.Judge(a.Business.Now())
	return given, at, err
}

func (a *API) send(ctx context.Context, held store.Holding, record contact.Record, given noting, at time.Time) (uuid.UUID, error) {
	caller, _ := bearer.From(ctx)
	id := uuid.Must(uuid.NewV7())
	nationalID := record.Fields["nationalId"]
	if !record.Identified || nationalID == "" {
		return id, problem.OnField("missing-field", "nationalId") // nobody whose case it could be
	}
	event, err := a.Sealer.Seal(ctx, caller.Authority, held.ID, id, at,
		events.SealedNote{Case: given.Case, Text: given.Text, NationalID: nationalID, Author: caller.Name, Appointed: access.Appointed(caller)})
	if err != nil {
		a.Log.WarnContext(ctx, "case-linker's transport key cannot be had", "error", err.Error())
		return id, problem.Unavailable(2 * time.Second)
	}
	err = pg.Tx(ctx, a.DB, func(tx pgx.Tx) error {
		_, living, err := store.LockUnit(ctx, tx, caller.Authority, held.ID)
		if err != nil {
			return err
		}
		if !living {
			return problem.New("gone")
		}
		return a.Box.Append(ctx, tx, outbox.Draft{Authority: caller.Authority, Type: events.TypeContactNoted,
			Subject: held.ID.String(), Key: held.ID.String(), Data: event, KeyID: event.KeyID, PolicyVersion: record.Policy})
	})
	if err == nil {
		a.Box.Committed()
	}
	return id, err
}
