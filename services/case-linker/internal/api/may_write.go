package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"gallra.se/libs/access"
	"gallra.se/libs/bearer"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/store"
)

// purposes of writing in a case where the caller names none: what cases of the type are for.
var purposes = map[string]string{line.Recruitment: "recruitment", "control": "control"}

// mayWrite decides whether the caller may write records of a category in a case.
func (a *API) mayWrite(r *http.Request, id uuid.UUID, category string) error {
	claims, _ := bearer.From(r.Context())
	caseType, err := a.Desk.TypeOf(r.Context(), claims.Authority, id)
	if err != nil {
		return err
	}
	assigned, err := a.Desk.Assigned(r.Context(), claims, id)
	if err != nil {
		return err
	}
	return a.Access.Decide(claims, access.Question{Action: access.Write, Category: a.promised(r.Context(), category), CaseType: caseType, Assigned: assigned,
		Purpose: purposeOf(r, caseType)})
}

// purposeOf is the purpose that the caller named, else what cases of the type are for.
func purposeOf(r *http.Request, caseType string) string {
	if named := access.PurposeOf(r); named != "" {
		return named
	}
	if own := purposes[caseType]; own != "" {
		return own
	}
	return relevant
}

// promised is the category as the pack knows it: where it has none for working material, that is a note like any other.
func (a *API) promised(ctx context.Context, category string) string {
	claims, _ := bearer.From(ctx)
	if pack, ok := a.Desk.Rules.Packs.Pack(claims.Authority); ok {
		if _, there := pack.Category(category); !there {
			return store.CategoryNote
		}
	}
	return category
}
