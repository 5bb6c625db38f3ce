package decision

import "strings"

// unlisted is the requirement by which a recipient outside the list is turned down. At Arbetsförmedlingen an authority
// (its identifier begins with a country) could have a duty in another law behind it, AFG-48; anybody else is simply not
// one of the nine, AFG-47.
func unlisted(authority string, r Request) string {
	if rule, ok := otherAuthorities[authority]; ok {
		return rule
	}
	if r.LawRef != "" || isAuthority(r.Recipient) {
		return "AFG-48"
	}
	return "AFG-47"
}

var otherAuthorities = map[string]string{
	"te-services":                   "TES-14",
	"te-customer-service":           "KSC-21",
	"stockholm-labour-market-board": "STH-16",
}

func isAuthority(id string) bool { return strings.HasPrefix(id, "SE-") || strings.HasPrefix(id, "FI-") }
