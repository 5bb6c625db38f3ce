// Package guard stands before every read of what intake holds: it asks whether the caller may, and writes the access down
// before anything is answered (L-06). The log itself is case-linker's, which alone learns who it was and about whom.
package guard

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/events"
	"gallra.se/libs/access"
	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/caselinker"
)

// Guard decides and writes down.
type Guard struct {
	DB     *pgxpool.Pool
	Box    *outbox.Box
	Clock  clock.Business
	Packs  *policy.Set
	Sealer *caselinker.Sealer
}

// Seen is what there is to know of a record that somebody wants to read.
type Seen struct {
	Record     uuid.UUID
	Category   string
	Protected  bool   // it is about somebody with a protected identity
	NationalID string // of whom it is about; empty where nobody is known
	Name       string
	Address    string
}

// Admit decides whether the caller may do that with a record, and commits that it was asked for. A refusal is a problem.
func (g *Guard) Admit(r *http.Request, action access.Action, s Seen) error {
	c, _ := bearer.From(r.Context())
	purpose := access.PurposeOf(r)
	refusal := access.Decider{Packs: g.Packs}.Decide(c, access.Question{Action: action, Category: s.Category, Protected: s.Protected, Assigned: true,
		Purpose: purpose})
	outcome := events.AccessGiven
	if refusal != nil {
		outcome = events.AccessRefused
	}
	if err := g.write(r.Context(), c, s, action, purpose, outcome); err != nil {
		return err
	}
	return refusal
}

// Unknown writes down that something was asked for that is not there, and returns err: so guesses are seen, and the answer
// takes as long as that about somebody who is hidden.
func (g *Guard) Unknown(r *http.Request, action access.Action, asked uuid.UUID, err error) error {
	if problem.From(err).Status != http.StatusNotFound {
		return err
	}
	c, _ := bearer.From(r.Context())
	if fault := g.write(r.Context(), c, Seen{Record: asked}, action, access.PurposeOf(r), events.AccessUnknown); fault != nil {
		return fault
	}
	return err
}

// comeBack is what a reader is told while case-linker's key cannot be had: no access without its line in the log.
const comeBack = 2 * time.Second

func (g *Guard) write(ctx context.Context, c bearer.Claims, s Seen, action access.Action, purpose, outcome string) error {
	err := g.writeOnce(ctx, c, s, action, purpose, outcome)
	if errors.Is(err, outbox.ErrKeyClosed) { // given up meanwhile: sealed to the next key
		err = g.writeOnce(ctx, c, s, action, purpose, outcome)
	}
	return err
}

func (g *Guard) writeOnce(ctx context.Context, c bearer.Claims, s Seen, action access.Action, purpose, outcome string) error {
	pack, ok := g.Packs.Pack(c.Authority)
	if !ok {
		return problem.New("forbidden")
	}
	now := g.Clock.Now()
	said := events.AccessLogged{Entry: uuid.New(), Record: s.Record, Category: s.Category, Action: string(action), Purpose: access.KnownPurpose(pack, purpose),
		Outcome: outcome, At: now.UTC().Truncate(time.Microsecond)}
	var err error
	said.Sealed, said.KeyID, err = g.Sealer.Access(ctx, c.Authority, said.Entry, events.SealedAccess{Account: c.Name, Role: strings.Join(c.Roles, " "),
		NationalID: s.NationalID, Signs: access.SignsOf(c, s.Name, s.Address, now.In(pack.Zone))})
	if err != nil {
		return problem.Unavailable(comeBack)
	}
	err = pg.Tx(ctx, g.DB, func(tx pgx.Tx) error {
		return g.Box.Append(ctx, tx, outbox.Draft{Authority: c.Authority, Type: events.TypeAccessLogged, Subject: s.Record.String(),
			Key: s.Record.String(), Data: said, KeyID: said.KeyID, PolicyVersion: pack.VersionOn(pack.Today(now))})
	})
	if err == nil {
		g.Box.Committed()
	}
	return err
}
