package scenario

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"gallra.se/services/gallra/internal/client"
)

// sameAnswer wants two answers byte for byte alike: status, headers, body. Ids and moments that the two steps themselves
// make are left out, and so are headers that say when, or over which connection, an answer went.
func sameAnswer(before, now client.Answer) error {
	if before.Status != now.Status {
		return fmt.Errorf("expected status %d as before, found %d", before.Status, now.Status)
	}
	for _, name := range headerNames(before.Header, now.Header) {
		if was, is := strings.Join(before.Header[name], "\n"), strings.Join(now.Header[name], "\n"); was != is {
			return fmt.Errorf("expected header %s: %q as before, found %q", name, was, is)
		}
	}
	if was, is := withoutOwn(before.Body), withoutOwn(now.Body); was != is {
		return fmt.Errorf("expected the answer as before, it differs at byte %d of %d", differsAt(was, is), len(is))
	}
	return nil
}

// passing headers are of one answer and say nothing of what was asked.
var passing = []string{"Date", "Connection", "Keep-Alive", "Traceparent"}

func headerNames(all ...http.Header) []string {
	names := map[string]bool{}
	for _, header := range all {
		for name := range header {
			if !slices.Contains(passing, name) {
				names[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

var ownID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
var ownMoment = regexp.MustCompile(`[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})`)

func withoutOwn(body []byte) string {
	return ownMoment.ReplaceAllString(ownID.ReplaceAllString(string(body), "ID"), "MOMENT")
}

func differsAt(a, b string) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}
