package cli

import (
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
