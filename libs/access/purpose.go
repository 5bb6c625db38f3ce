package access

import (
	"slices"

	"gallra.se/libs/policy"
)

// KnownPurpose is the purpose, if it is one of the pack's, else empty: whatever else was sent is never written down.
func KnownPurpose(pack *policy.Pack, purpose string) string {
	if slices.ContainsFunc(pack.Access().Purposes, func(p policy.Purpose) bool { return p.Name == purpose }) {
		return purpose
	}
	return ""
}
