package gateway

import "strings"

// routes says who owns which paths.
var routes = map[string]string{
	"/v1/contacts":        "intake",
	"/v1/chatbot":         "intake",
	"/v1/web":             "intake",
	"/v1/logins":          "intake",
	"/v1/mail":            "intake",
	"/v1/recordings":      "intake",
	"/v1/complaints":      "intake",
	"/v1/groups":          "intake",
	"/v1/feeds":           "intake",
	"/v1/invoices":        "intake",
	"/v1/campaigns":       "intake",
	"/v1/processors":      "intake",
	"/v1/notices":         "intake",
	"/v1/persons":         "case-linker",
	"/v1/cases":           "case-linker",
	"/v1/notes":           "case-linker",
	"/v1/protections":     "case-linker",
	"/v1/access-review":   "case-linker",
	"/v1/retention":       "retention-timer",
	"/v1/retention-board": "retention-timer",
	"/v1/holds":           "retention-timer",
	"/v1/erasures":        "retention-timer",
	"/v1/alarms":          "retention-timer",
	"/v1/due-calendar":    "retention-timer",
	"/v1/reviews":         "retention-timer",
	"/v1/policy":          "retention-timer",
	"/v1/disclosures":     "disclosure",
	"/v1/ledger":          "ledger",
}

const front = "console"

// Owner names the service that a path belongs to.
func Owner(path string) string {
	for prefix, service := range routes {
		if path == prefix || strings.HasPrefix(path, prefix+"/") {
			return service
		}
	}
	return front
}
