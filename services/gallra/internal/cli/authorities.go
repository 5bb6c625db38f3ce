package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gallra.se/libs/policy"
)

// ofAuthority is for commands that ask about one authority, or about all.
type ofAuthority struct {
	Authority string `help:"Of this authority only; by default of all." placeholder:"NAME"`
}

// authorities are those that the command asks about.
func (o ofAuthority) authorities() ([]string, error) {
	known := policy.Default().Authorities()
	if o.Authority == "" {
		return known, nil
	}
	if !slices.Contains(known, o.Authority) {
		return nil, fmt.Errorf("unknown authority %q: there are %s", o.Authority, strings.Join(known, ", "))
	}
	return []string{o.Authority}, nil
}

// everywhere asks about each authority and puts the answers together. An empty list is a list.
func everywhere[T any](ctx context.Context, o ofAuthority, what string, ask func(ctx context.Context, authority string) ([]T, error)) ([]T, error) {
	names, err := o.authorities()
	if err != nil {
		return nil, err
	}
	all := []T{}
	for _, name := range names {
		some, err := ask(ctx, name)
		if err != nil {
			return nil, fmt.Errorf("ask for %s of %s: %w", what, name, err)
		}
		all = append(all, some...)
	}
	return all, nil
}
