package api

import (
	"context"
	"net/http"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/access"
	"gallra.se/libs/bearer"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/contact"
	"gallra.se/services/intake/internal/store"
)

// withdraw ends the consent that a contact was kept with: it is unreadable at once, and destroyed the way of every disposal.
func (a *API) withdraw(w http.ResponseWriter, r *http.Request) {
	held, err := a.consented(r)
	if err == nil {
		err = a.withdrawn(r.Context(), held)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// consented is a contact of the caller's authority that is kept with a consent. A channel speaks for the person; an officer
// needs leave to write.
func (a *API) consented(r *http.Request) (held store.Holding, err error) {
	caller, _ := bearer.From(r.Context())
	if caller.Has(channelRole) {
		held, _, err = a.open(r.Context(), r.PathValue("id"))
	} else {
		held, _, err = a.openedTo(r, access.Write, r.PathValue("id"))
	}
	if err != nil {
		return held, err
	}
	if pack, known := a.Rules.Packs.Pack(caller.Authority); !known || !contact.NeedsConsent(pack, held.Category) {
		return held, problem.New("conflict") // no consent is what it is kept with
	}
	return held, nil
}

func (a *API) withdrawn(ctx context.Context, held store.Holding) error {
	caller, _ := bearer.From(ctx)
	pack, known := a.Rules.Packs.Pack(caller.Authority)
	if !known {
		return problem.New("unknown-authority")
	}
	err := pg.Tx(ctx, a.DB, func(tx pgx.Tx) error {
		on := pack.Today(a.Business.Now())
		unit, first, err := store.Withdraw(ctx, tx, caller.Authority, held.ID, on, pack.Midnight(on))
		if err != nil || !first {
			return err // of two at once, the other has said so
		}
		return a.Box.Append(ctx, tx, outbox.Draft{Authority: caller.Authority, Type: events.TypeContactWithdrawn, Subject: held.ID.String(),
			Key: held.ID.String(), Data: events.ContactWithdrawn{Contact: held.ID, Unit: unit, WithdrawnOn: on.String()}, PolicyVersion: pack.VersionOn(on)})
	})
	if err == nil {
		a.Box.Committed()
	}
	return err
}
