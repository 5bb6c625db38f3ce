package login

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"gallra.se/libs/bearer"
	"gallra.se/libs/calendar"
)

// Officer is who has logged in.
type Officer struct {
	Account     string   `json:"account"`
	Display     string   `json:"display"`
	Authority   string   `json:"authority"`
	Roles       []string `json:"roles"`
	Appointed   bool     `json:"appointed"`
	Undertaking string   `json:"undertaking"` // last day, civil in the authority's zone; empty: none
	Trained     bool     `json:"trained"`
	TrainedOn   string   `json:"trainedOn"` // civil day; empty where the provider told none
	Family      string   `json:"family"`
	Street      string   `json:"street"`
}

// Roles of people; those of machines cannot be logged in with.
var staff = []string{"case-officer", "matching-officer", "control-officer", "protected-officer", "recruiter", "archive-disclosure", "analyst",
	"dpo", "admin", "records-manager", "statistics-officer"}

// ErrAccount says why an account that the provider vouches for is not let in.
type ErrAccount struct{ Why string }

func (e ErrAccount) Error() string { return "the account is not let in: " + e.Why }

// Why an account is not let in.
const (
	WhyNoAuthority    = "no-authority"
	WhyTwoAuthorities = "two-authorities"
	WhyUnknown        = "unknown-authority"
	WhyNoRole         = "no-role"
)

// OfficerOf reads the claims of a verified ID token. known are the authorities there are. Roles that nobody here has are
// left out; an account of no authority, of two, or without a role is refused.
func OfficerOf(claims []byte, names Names, known []string) (Officer, error) {
	var said map[string]any
	if err := json.Unmarshal(claims, &said); err != nil {
		return Officer{}, fmt.Errorf("read the claims of an ID token: %w", err)
	}
	o := Officer{Account: text(said[names[NameAccount]]), Display: text(said[names[NameDisplay]]), Family: text(said[names[NameFamily]]),
		Street: street(said[names[NameAddress]]), Appointed: said[names[NameAppointed]] == true, Undertaking: day(said[names[NameUndertaking]])}
	if o.Account == "" {
		o.Account = text(said["sub"])
	}
	if o.Display == "" {
		o.Display = o.Account
	}
	o.TrainedOn = day(said[names[NameTrained]])
	o.Trained = said[names[NameTrained]] == true || o.TrainedOn != ""
	for _, role := range list(said[names[NameRoles]]) {
		if slices.Contains(staff, role) && !slices.Contains(o.Roles, role) {
			o.Roles = append(o.Roles, role)
		}
	}
	authorities := list(said[names[NameAuthority]])
	switch {
	case o.Account == "" || len(authorities) == 0:
		return Officer{}, ErrAccount{WhyNoAuthority}
	case len(authorities) > 1:
		return Officer{}, ErrAccount{WhyTwoAuthorities}
	case !slices.Contains(known, authorities[0]):
		return Officer{}, ErrAccount{WhyUnknown}
	case len(o.Roles) == 0:
		return Officer{}, ErrAccount{WhyNoRole}
	}
	o.Authority = authorities[0]
	return o, nil
}

// Bound says whether the undertaking is in force on a day: its last day is one of them.
func (o Officer) Bound(today calendar.Date) bool {
	until, err := calendar.ParseDate(o.Undertaking)
	return err == nil && !today.After(until)
}

// Taught says whether the training has been had by a day.
func (o Officer) Taught(today calendar.Date) bool {
	on, err := calendar.ParseDate(o.TrainedOn)
	return o.Trained && (err != nil || !on.After(today))
}

// Claims is what the services are told, at this moment.
func (o Officer) Claims(now time.Time, zone *time.Location) bearer.Claims {
	today := calendar.DateOf(now, zone)
	return bearer.Claims{Authority: o.Authority, Name: o.Account, Roles: o.Roles, Appointed: o.Appointed, Undertaking: o.Bound(today),
		Trained: o.Taught(today), FamilyName: o.Family, Street: o.Street}
}

// Has says whether the officer bears one of the roles.
func (o Officer) Has(roles ...string) bool {
	return slices.ContainsFunc(roles, func(role string) bool { return slices.Contains(o.Roles, role) })
}

// longest is how many bytes of a claim are taken.
const longest = 200

func text(v any) string {
	s, _ := v.(string)
	if len(s) > longest {
		return ""
	}
	return s
}

// list reads a claim that is one text or several.
func list(v any) []string {
	if s := text(v); s != "" {
		return []string{s}
	}
	several, _ := v.([]any)
	var out []string
	for _, one := range several {
		if s := text(one); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// day is a civil day, or empty.
func day(v any) string {
	d, err := calendar.ParseDate(text(v))
	if err != nil {
		return ""
	}
	return d.String()
}

func street(v any) string {
	if address, ok := v.(map[string]any); ok {
		return text(address["street_address"])
	}
	return text(v)
}
