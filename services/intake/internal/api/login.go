package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/clock"
	"gallra.se/libs/door"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/admission"
	"gallra.se/services/intake/internal/contact"
	"gallra.se/services/intake/internal/login"
	"gallra.se/services/intake/internal/store"
)

// loginChannel is the channel of a policy pack that a login is.
const loginChannel = "login"

// valid is the one result that is kept.
const valid = "valid"

// loggedIn is the answer to a login.
type loggedIn struct {
	admission.Answer
	Result string `json:"result"`
}

// login checks a statement of identity and keeps that it was valid; of one that is not, an event says so and no more.
func (a *API) login(w http.ResponseWriter, r *http.Request) {
	heard, duplicate, err := a.checkLogin(w, r)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	if duplicate {
		w.Header().Set(door.HeaderDuplicate, "true")
	}
	answer(w, http.StatusCreated, heard)
}

func (a *API) checkLogin(w http.ResponseWriter, r *http.Request) (heard loggedIn, duplicate bool, err error) {
	authority, err := channelOf(r)
	if err != nil {
		return heard, false, err
	}
	body, err := door.Body(w, r)
	if err != nil {
		return heard, false, err
	}
	given, err := login.Read(body)
	if err != nil {
		return heard, false, err
	}
	pack, known := a.Rules.Packs.Pack(authority)
	if !known {
		return heard, false, problem.New("unknown-authority")
	}
	c, err := a.loginContact(given, authority, body)
	if err != nil {
		return heard, false, err
	}
	if err := a.identified(r.Context(), pack, given); err != nil {
		return heard, false, err
	}
	result := a.Desk.Submit(r.Context(), c)
	return loggedIn{result.Answer, valid}, result.Duplicate, result.Err
}

// loginContact is the record of a login: that it was valid, and when.
func (a *API) loginContact(given login.Given, authority string, body []byte) (contact.Contact, error) {
	c, err := a.Rules.Judge(contact.Given{ID: loginChannel + "/" + given.ID, Kind: "contact", Authority: authority, Channel: loginChannel,
		At: given.At, EndedAt: given.At, Fields: map[string]string{"result": valid}, Canonical: body,
		Present: map[string]bool{"id": true, "kind": true, "authority": true, "channel": true, "at": true, "endedAt": true, "fields": true}}, a.Business.Now())
	return c, err
}

// identified checks the statement and uses it up. A refusal cites the channel's requirement and says why in a word.
func (a *API) identified(ctx context.Context, pack *policy.Pack, given login.Given) error {
	if !a.Identities.Ready() {
		p := problem.Unavailable(0)
		p.Detail = "no issuer of electronic identities is configured"
		return p
	}
	statement, err := a.Identities.Verify(given.Identity.Token,
		login.Expected{Authority: pack.Authority, Country: pack.Country, Nonce: given.Identity.Nonce, OnlyTests: a.Rules.Simulated})
	switch {
	case errors.Is(err, login.ErrExpired):
		return a.reject(ctx, pack, events.IdentityExpired)
	case errors.Is(err, login.ErrNobody):
		return a.reject(ctx, pack, events.IdentityNobody)
	case err != nil:
		return a.reject(ctx, pack, events.IdentityForged)
	}
	first, err := a.use(ctx, pack.Authority, statement, given.ID)
	if err == nil && !first {
		err = a.reject(ctx, pack, events.IdentityReplayed)
	}
	return err
}

func (a *API) use(ctx context.Context, authority string, s login.Statement, id string) (first bool, err error) {
	statement, err := a.Keys.TombstoneMAC(ctx, authority, []byte("login statement "+s.ID))
	if err != nil {
		return false, err
	}
	source, err := a.Keys.TombstoneMAC(ctx, authority, []byte("login source "+id))
	if err != nil {
		return false, err
	}
	err = pg.Tx(ctx, a.DB, func(tx pgx.Tx) (err error) {
		first, err = store.UseStatement(ctx, tx, authority, statement, source, s.Until, clock.PaceNow())
		return err
	})
	return first, err
}

// reject says in an event that an identity did not hold, and returns the refusal.
func (a *API) reject(ctx context.Context, pack *policy.Pack, reason string) error {
	now := a.Business.Now()
	told := events.IdentityRejected{Rejection: uuid.Must(uuid.NewV7()), Reason: reason, RejectedAt: now}
	err := pg.Tx(ctx, a.DB, func(tx pgx.Tx) error {
		return a.Box.Append(ctx, tx, outbox.Draft{Authority: pack.Authority, Type: events.TypeIdentityRejected, Subject: told.Rejection.String(),
			Key: told.Rejection.String(), Data: told, PolicyVersion: pack.VersionOn(pack.Today(now))})
	})
	if err != nil {
		return err
	}
	a.Box.Committed()
	refusal := problem.ByRule("denied", pack.Channels[loginChannel].Requirement)
	refusal.Detail = reason
	return refusal
}
