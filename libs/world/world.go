// Package world carries which authority's world a piece of work is in (DESIGN D13: four controllers are four worlds). A
// request is in the world of its caller, from which nothing leads to another; a worker looks after all of them.
package world

import "context"

type key struct{}

// All is the world of work that is not for one authority.
const All = "*"

// In puts work into an authority's world.
func In(ctx context.Context, authority string) context.Context {
	return context.WithValue(ctx, key{}, authority)
}

// Of is the authority whose world the work is in; All where there is none.
func Of(ctx context.Context) string {
	if authority, ok := ctx.Value(key{}).(string); ok && authority != "" {
		return authority
	}
	return All
}
