// Package bearer is the signed token that callers of the HTTP APIs carry: an Ed25519 JWT that says who it is, for
// which authority and in which roles. It does not log anybody in and decides nothing about what a role may do.
package bearer

import (
	"context"
	"slices"

	"gallra.se/libs/world"
)

// Claims is who is calling. Authority is one of the controllers; nobody works for two at once.
type Claims struct {
	Authority string   `json:"authority"`
	Name      string   `json:"name"`
	Roles     []string `json:"roles"`
	Appointed bool     `json:"appointed,omitempty"` // may see protected persons (AFG-10)

	Undertaking bool `json:"undertaking,omitempty"` // has a confidentiality undertaking in force (TES-04, KSC-24)
	Trained     bool `json:"trained,omitempty"`     // has had the training that access asks for (L-05)

	FamilyName string `json:"familyName,omitempty"` // of staff, to notice who looks at their own relatives (L-06)
	Street     string `json:"street,omitempty"`     // of staff, for the same; neither is ever stored or logged

	Only []string `json:"only,omitempty"` // the calls that the token is good for, such as "POST /v1/contacts"; all where empty
}

// good says whether the token may be used for a call.
func (c Claims) good(method, path string) bool {
	return len(c.Only) == 0 || slices.Contains(c.Only, method+" "+path)
}

// Has says whether the caller bears the role.
func (c Claims) Has(role string) bool { return slices.Contains(c.Roles, role) }

type contextKey struct{}

// With puts claims in a context, and what is done with it into the world of their authority.
func With(ctx context.Context, c Claims) context.Context {
	return context.WithValue(world.In(ctx, c.Authority), contextKey{}, c)
}

// From takes them out; ok is false for a caller nobody has checked.
func From(ctx context.Context) (c Claims, ok bool) {
	c, ok = ctx.Value(contextKey{}).(Claims)
	return c, ok
}

// BelongsTo says whether the caller in ctx was checked and works for the authority.
func BelongsTo(ctx context.Context, authority string) bool {
	c, ok := From(ctx)
	return ok && c.Authority == authority
}
