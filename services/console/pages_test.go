package console_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"gallra.se/libs/policy"
)

const note = "5b0c2f0e-8f1c-4a43-9d0a-2f0a54c1b7aa"

// told is what retention-timer said of a small system.
var told = map[string]string{
	"timeline": `{"record":"` + note + `","authority":"arbetsformedlingen","unit":"u","kind":"share","category":"case.note","caseType":"job-seeking","state":"running",
		"rule":"AFC-13","due":"2026-05-01","dueAt":"2026-04-30T22:00:00Z","collectedOn":"2022-01-17","policyVersion":"2021-01-01",
		"limits":{"normal":"2026-05-01","ceiling":"2027-02-28","statutory":"2027-12-31"},"floor":"none","archiveTransfer":"2028-05-01","paused":["hold"],"preserved":false,
		"clocks":[{"rule":"AFC-13","requirement":"AFC-13","title":{"En":"Job-seeker's data","Sv":"Arbetssökandes uppgifter"},"trigger":"deregistered","d0":"2024-02-28","period":"26 months","mode":"exact","e":"2026-04-30","dueOn":"2026-05-01","limit":"normal","state":"running"},
			{"rule":"AFG-53","requirement":"AFG-53","title":{"En":"Case records","Sv":"Ärendets handlingar"},"trigger":"case-closed","d0":"2024-02-28","period":"36 months","mode":"ceiling","e":"2027-02-28","dueOn":"2027-02-28","limit":"ceiling","state":"running"}],
		"holds":[{"hold":"0d4e9c1a-0000-4000-8000-000000000001","scope":"person","reason":"complaint","placedAt":"2025-03-03T08:00:00Z","reviewAt":"2025-08-31T22:00:00Z"},
			{"hold":"0d4e9c1a-0000-4000-8000-000000000002","scope":"record","reason":"court","placedAt":"2024-09-01T08:00:00Z","reviewAt":"2025-01-31T23:00:00Z","releasedAt":"2024-12-01T09:00:00Z"}],
		"trail":[{"at":"2024-02-28T11:00:00Z","because":"person.deregistered","rule":"AFC-13","dueOn":"2026-05-01"}]}`,
	"calendar": `{"months":[{"authority":"arbetsformedlingen","month":"2025-05","category":"contact.phone-log","rule":"AFC-10","units":420,"records":420},
		{"authority":"arbetsformedlingen","month":"2025-06","category":"contact.phone-log","rule":"AFC-10","units":388,"records":388},
		{"authority":"arbetsformedlingen","month":"2026-05","category":"case.note","rule":"AFC-13","units":12,"records":31},
		{"authority":"arbetsformedlingen","month":"2027-02","category":"case.note","rule":"AFG-53","units":3,"records":9},
		{"authority":"te-customer-service","month":"2025-09","category":"contact.chat","rule":"KSC-17","units":77,"records":77}]}`,
	"holds": `{"holds":[{"hold":"0d4e9c1a-0000-4000-8000-000000000001","authority":"arbetsformedlingen","scope":"record","target":"` + note + `","reason":"complaint","placedAt":"2025-03-03T08:00:00Z","reviewAt":"2025-08-31T22:00:00Z","units":1,"overdue":false},
		{"hold":"0d4e9c1a-0000-4000-8000-000000000003","authority":"arbetsformedlingen","scope":"case","target":"9f8b1f3c-0000-4000-8000-000000000009","reason":"control-case","placedAt":"2024-10-01T08:00:00Z","reviewAt":"2025-03-31T22:00:00Z","units":2,"overdue":true}]}`,
	"alarms":  `{"alarms":[{"authority":"arbetsformedlingen","name":"hold-review-due","subject":"0d4e9c1a-0000-4000-8000-000000000003","raisedAt":"2025-03-31T22:00:00Z"}]}`,
	"reviews": `{"reviews":[{"authority":"arbetsformedlingen","category":"case.document","month":"2025-05","units":4,"records":11,"firstDue":"2025-05-02","lastCeiling":"2025-12-31","hash":"9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab"}]}`,
	"policy": `{"policies":[{"authority":"arbetsformedlingen","version":"2021-01-01","hash":"4b2f","activations":[{"version":"2021-01-01","validFrom":"2018-05-25","activatedAt":"2025-04-01T08:00:00Z","hash":"4b2f9c56cc51b374c3ba"}],
		"plan":{"hash":"77b1d0a4c2","authority":"arbetsformedlingen","from":"2021-01-01","to":"2025-07-01","changes":[{"rule":"AFC-21","category":"contact.chat","was":"29 days","becomes":"14 days","validFrom":"2025-07-01"}],
			"moves":[{"category":"contact.chat","rule":"AFC-21","month":"2025-07","earlier":120,"later":0,"atOnce":40,"unchanged":3},{"category":"contact.chat","rule":"AFC-21","month":"2025-08","earlier":15,"later":7,"atOnce":0,"unchanged":0}],
			"totals":{"living":9000,"earlier":135,"later":7,"atOnce":40,"unchanged":8818}}}]}`,
}

var pages = []string{"/records", "/records/" + note, "/calendar", "/holds", "/alarms", "/reviews", "/policy"}

// telling runs a console that retention-timer answers.
func telling(t *testing.T, answers map[string]string) *system {
	t.Helper()
	s := start(t, boardRows, said)
	for what, words := range answers {
		s.answer("ask.retention-timer."+what, words)
	}
	return s
}

func TestEveryPageShowsWhatItIsToldInBothLanguages(t *testing.T) {
	t.Parallel()
	s := telling(t, told)
	for path, wants := range map[string]map[string][]string{
		"/records": {"en": {`<form method="get" action="/records"`, "The record&#39;s id"}, "sv": {"Handlingens id"}},
		"/records/" + note: {
			"en": {"2026-05-01", "AFC-13 · 26 months · gone from 2026-05-01 · decides", "AFG-53 · 3 years, at the latest", "paused by: a hold", "Hold: a complaint", "released 2024-12-01",
				"Outer bound by law 2027-12-31", "person.deregistered", "2026-04-30", "today 2025-04-30"},
			"sv": {"26 månader · borta från 2026-05-01 · avgör", "Arbetssökandes uppgifter", "avregistreringen", "Lagens yttersta gräns"},
		},
		"/calendar": {"en": {"call log", "808", "highest month: 420", "2027-02", "Nothing goes in these months."}, "sv": {"samtalslogg", "Inget gallras"}},
		"/holds":    {"en": {"past its review", "a control case", `href="/records/` + note + `?lang=en"`, "2025-09-01"}, "sv": {"omprövningen är försenad"}},
		"/alarms":   {"en": {"a hold past its review", "hold-review-due"}, "sv": {"en spärr som inte har omprövats"}},
		"/reviews":  {"en": {"final document", "gallra reviews approve --authority arbetsformedlingen --category case.document --month 2025-05"}, "sv": {"färdig handling"}},
		"/policy": {"en": {"not stated", "assumed", "preserved, no end", "29 days", "14 days", "→ 2025-07-01", "135", "gallra policy activate DIR --authority arbetsformedlingen --plan 77b1d0a4c2", "floor: nobody deletes earlier"},
			"sv": {"anges inte", "antaget", "14 dagar", "tidigare"}},
	} {
		for lang, texts := range wants {
			resp, body := s.get(path+"?lang="+lang, "")
			if resp.StatusCode != http.StatusOK || !strings.Contains(body, `<html lang="`+lang+`">`) {
				t.Errorf("%s in %s: %d", path, lang, resp.StatusCode)
			}
			for _, want := range texts {
				if !strings.Contains(body, want) {
					t.Errorf("%s in %s does not say %q", path, lang, want)
				}
			}
		}
	}
}

func TestThePageOfARecordIsReachedByItsIdWithoutAScript(t *testing.T) {
	t.Parallel()
	s := telling(t, told)
	resp, body := s.get("/records?id=++"+strings.ToUpper(note)+"&lang=en", "")
	if resp.StatusCode != http.StatusOK || !strings.Contains(body, "decides") {
		t.Errorf("%d", resp.StatusCode)
	}
	if policy := resp.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self'") {
		t.Error(policy)
	}
}

func TestAnUnknownRecordIsSaidToBeUnknown(t *testing.T) {
	t.Parallel()
	s := telling(t, nil)
	s.refuse("ask.retention-timer.timeline", "not-found")
	resp, body := s.get("/records/x%3Cscript%3E?lang=en", "")
	if resp.StatusCode != http.StatusNotFound || !strings.Contains(body, "No record has this id") || strings.Contains(body, "<script") {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
}

func TestTheRulesAreThoseThatHaveBeenPutIntoForce(t *testing.T) {
	t.Parallel()
	pack, _ := policy.Default().Pack("arbetsformedlingen")
	files := pack.Files()
	files["rules.yaml"] = strings.ReplaceAll(files["rules.yaml"], "period: 29 days", "period: 17 days")
	text, err := json.Marshal(map[string]any{"policies": []any{map[string]any{"authority": "arbetsformedlingen", "version": "x", "hash": "other", "files": files}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/policy", "/"} {
		s := telling(t, map[string]string{"policy": string(text)})
		_, body := s.get(path+"?lang=en", "")
		if own, _, _ := strings.Cut(body, "STH-"); !strings.Contains(own, "17 days") || strings.Contains(own, ">29 days") { // before those of the next authority
			t.Errorf("%s goes by an older pack", path)
		}
	}
}

func TestNothingToShowIsSaidInWords(t *testing.T) {
	t.Parallel()
	s := telling(t, map[string]string{"calendar": `{"months":[]}`, "holds": `{"holds":[]}`, "alarms": `{"alarms":[]}`, "reviews": `{"reviews":[]}`, "policy": `{"policies":[]}`,
		"timeline": `{"record":"r","authority":"te-services","category":"case.note","caseType":"job-seeking","state":"idle","due":"none","limits":{},"silence":"x"}`})
	for path, want := range map[string]string{"/calendar": "Nothing goes", "/holds": "Nothing is held.", "/alarms": "No alarm stands open.", "/reviews": "Nothing waits", "/policy": "has not told",
		"/records/r": "not stated</strong>"} {
		if resp, body := s.get(path+"?lang=en", ""); resp.StatusCode != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %d, not %q", path, resp.StatusCode, want)
		}
	}
}

func TestASilentTimerIsSaidToBeSilent(t *testing.T) {
	t.Parallel()
	s := telling(t, nil)
	for _, path := range pages[1:] {
		resp, body := s.get(path+"?lang=en", "")
		if resp.StatusCode != http.StatusServiceUnavailable || !strings.Contains(body, "No answer") || strings.Contains(body, "Nothing is held") || strings.Contains(body, "No alarm stands") {
			t.Errorf("%s: %d", path, resp.StatusCode)
		}
	}
}

func TestEveryPageHasEveryOtherAndKnowsWhereItIs(t *testing.T) {
	t.Parallel()
	s := telling(t, told)
	for _, path := range append(pages, "/") {
		_, body := s.get(path, "")
		if n := strings.Count(body, `aria-current="page"`); n != 1 {
			t.Errorf("%s is %d places of the navigation", path, n)
		}
		for _, to := range []string{"/", "/records", "/calendar", "/holds", "/alarms", "/reviews", "/policy"} {
			if !strings.Contains(body, `<a href="`+to+`"`) {
				t.Errorf("%s does not lead to %s", path, to)
			}
		}
		if strings.Contains(body, "style=") || strings.Contains(body, "<script") {
			t.Errorf("%s needs what its policy forbids", path)
		}
	}
}
