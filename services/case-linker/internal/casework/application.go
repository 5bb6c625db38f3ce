package casework

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"gallra.se/services/case-linker/internal/store"
)

// Application is the paper with which somebody applies.
type Application struct {
	Text, Author string
	Fields       map[string]json.RawMessage // what the pack requires besides number and name (AFG-40)
}

// appliedBefore answers who applies again as the first time; a paper that did not come then is kept now.
func (d *Desk) appliedBefore(ctx context.Context, a Applicant, s store.Share) (Applied, bool, error) {
	done := Applied{Person: s.Person, Share: s.Share}
	if a.Application == nil {
		return done, true, nil
	}
	t := a.paper(s, d)
	again, err := store.HasNote(ctx, d.DB, a.Authority, t.Note)
	if err == nil && !again {
		_, err = d.WriteNote(ctx, t)
	}
	done.Paper = t.Note
	return done, again, err
}

// paper is the application as a record in the applicant's share. Its id follows from the share's: it is one paper, however
// often it comes.
func (a Applicant) paper(s store.Share, d *Desk) Taken {
	return Taken{Authority: a.Authority, Note: uuid.NewSHA1(s.Share, []byte(KindApplication)), At: d.Clock.Now().UTC(), Case: s.Case, Share: s.Share,
		Category: store.CategoryDocument, Text: a.Application.Text, Author: a.Application.Author,
		Written: Written{Kind: KindApplication, Fields: a.Application.Fields}}
}

// application encrypts the paper for the share that is about to be.
func (d *Desk) application(ctx context.Context, a Applicant, c store.Case, s store.Share) (uuid.UUID, *Placed, error) {
	if a.Application == nil {
		return uuid.Nil, nil, nil
	}
	t := a.paper(s, d)
	part, err := d.partFor(ctx, t, c, s, Note{Salt: newSalt(), Text: t.Text, Author: t.Author, Written: t.Written})
	return t.Note, &Placed{Taken: t, parts: []placedPart{part}, file: c.Case}, err
}
