package officer

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gallra.se/libs/policy"

	"gallra.se/services/console/internal/login"
	"gallra.se/services/console/internal/page"
)

// Texts are the words of the officers' pages in one language. A test sees to it that none is missing.
type Texts struct {
	Page page.Texts

	Back, ByRule, NoEnd, GoneFrom                    string
	Yes, No, Open                                    string
	Foreign, ForeignLead, Unreadable, UnreadableLead string
	NoUndertaking, NoTraining, NotAssigned           string
	Login                                            LoginTexts
	Start                                            StartTexts
	Find                                             FindTexts
	Person                                           PersonTexts
	Looks                                            LooksTexts
	Case                                             CaseTexts
	Protect                                          ProtectTexts
	Review                                           ReviewTexts
	Trouble                                          map[int]Trouble   // by status
	Refusals                                         map[string]string // by reason, or by reason and field
	Words                                            map[string]string // codes
}

// Trouble is a page in words.
type Trouble struct{ Title, Lead string }

// LoginTexts are the words of the login.
type LoginTexts struct {
	Failed, Repeated, Forged, Refused, Away, None, NoneLead, Again, Out, OutLead, Over, OverLead string
	Accounts                                                                                     map[string]string
}

// StartTexts are the words of the first page.
type StartTexts struct {
	Nav, Title, You, Roles, Undertaking, Now, Why, WhyLead, Purpose, PurposeHint, Choose, Go string
}

// FindTexts are the words of the search.
type FindTexts struct {
	Nav, Title, Lead, NationalID, NationalIDHint, CaseNumber, One, OneHint, Search, Found, Nobody, Masked string
}

// PersonTexts are the words of a person's page.
type PersonTexts struct {
	Title, Lead, Fields, Registration, Registered, Deregistered, Timeline, Cases, CasesUnknown, Number, Type, Opened, State, Assigned string
}

// LooksTexts are the words of the access log.
type LooksTexts struct{ Title, Lead, None, At, Who, What, Purpose, Outcome, Signs string }

// CaseTexts are the words of a case's page.
type CaseTexts struct {
	Title, Persons, Person, Notes, More, Closed, EndUnknown, AboutOne, Written    string
	New, NewLead, Text, Relevance, About, AboutHint, Kind, Save, NoText, NoReason string
}

// ProtectTexts are the words of protected identities.
type ProtectTexts struct {
	Nav, Title, Lead, Mark, Level, Plan, PlanLead, Person, PersonHint, Recipient, RecipientHint, Fields, Lift, Known, Since string
	Done                                                                                                                    map[string]string
}

// ReviewTexts are the words of the weekly review.
type ReviewTexts struct {
	Nav, Title, Lead, Before, After, Notice, Calm, Drawing, Highest, AsTable, Day, Night, Reads, Officers, Nobody string
	Persons, Unassigned, SameName, SameAddress, Refused                                                           string
	Days                                                                                                          []string // from Monday
}

// textsFor picks the language as every page does.
func textsFor(r *http.Request) Texts {
	t := swedish
	words := page.TextsFor(r)
	if words.Tag == "en" {
		t = english
	}
	t.Page = words
	return t
}

// word is a code in the page's language.
func (t Texts) word(code string) string {
	if words := t.Words[code]; words != "" {
		return words
	}
	return t.Page.Word(code)
}

func (t Texts) list(codes []string) string {
	if len(codes) == 0 {
		return "–"
	}
	var words []string
	for _, code := range codes {
		words = append(words, t.word(code))
	}
	return strings.Join(words, ", ")
}

func (t Texts) roles(o login.Officer) string { return t.list(o.Roles) }

// purpose is a purpose in the page's language.
func (t Texts) purpose(p policy.Purpose) string {
	if t.Page.Tag == "sv" {
		return p.Title.Sv
	}
	return p.Title.En
}

// named is a purpose by its code; one that the pack does not know stays as it is.
func (t Texts) named(v visit, code string) string {
	for _, p := range v.pack.Access().Purposes {
		if p.Name == code {
			return t.purpose(p)
		}
	}
	return t.orNone(code)
}

func (t Texts) orNone(text string) string {
	if text == "" {
		return t.Page.None
	}
	return text
}

func (t Texts) closed(on string) string {
	if on == "" {
		return t.Open
	}
	return t.word("case-closed") + " " + on
}

func (t Texts) yes(v bool) string {
	if v {
		return t.Yes
	}
	return t.No
}

func sortedKeys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }

// numbered is the number by which a person is called on the page of a case.
func (v caseView) numbered(person string) string {
	if i := slices.Index(v.Case.Persons, person); i >= 0 {
		return strconv.Itoa(i + 1)
	}
	return "–"
}

// described says where a form's mistake is told.
func described(wrong string) string {
	if wrong == "" {
		return "new"
	}
	return "wrong"
}
