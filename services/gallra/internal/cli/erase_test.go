package cli

import (
	"encoding/json"
	"strings"
	"testing"

	"gallra.se/services/gallra/internal/client"
)

const eraseOrder = `{"erasure":"e-1","scope":"case","target":"c-1","ground":"unlawful","rule":"L-22","orderedAt":"2025-03-03T08:00:00Z","state":"waiting",
	"dueAt":"2025-03-03T08:00:00Z","disposed":1,"records":[{"record":"r-1","state":"waiting"}],"withheld":[{"record":"r-2","rule":"L-22"}]}`

func TestAnErasureIsOrderedWithItsGroundAndSaysWhatStays(t *testing.T) {
	a := answers(t, map[string]reply{"POST /v1/erasures": {201, eraseOrder}, "GET /v1/erasures": {200, `{"erasures":[` + eraseOrder + `]}`}})
	erase := []string{"erase", "c-1", "--scope", "case", "--authority", "te-services", "--ground", "unlawful"}
	status, out, errs := a.typed(t, erase...)
	if sent := a.sent["POST /v1/erasures"]; status != 0 || len(sent) != 2 || sent["case"] != "c-1" || sent["ground"] != "unlawful" {
		t.Errorf("%d %s, sent %v", status, errs, sent)
	}
	for _, said := range []string{"erasure e-1 is ordered by L-22: 2 records, unreadable from 2025-03-03T08:00:00Z", "a hold pauses it", "stays: r-2, by L-22"} {
		if !strings.Contains(out, said) {
			t.Errorf("%q is not said: %s", said, out)
		}
	}
	var order client.Erasure
	if status, out, _ := a.typed(t, append(erase, "--json")...); status != 0 || json.Unmarshal([]byte(out), &order) != nil || order.Withheld[0].Record != "r-2" {
		t.Errorf("%d %s", status, out)
	}
	if status, out, errs := a.typed(t, "erase", "--authority", "te-services"); status != 0 || !strings.Contains(out, "e-1      case c-1  unlawful  L-22  2025-03-03T08:00:00Z  waiting  1     1     1") {
		t.Errorf("%d %s %s", status, out, errs)
	}
	for args, want := range map[string]string{
		"erase c-1":                                           "--authority NAME --ground CODE",
		"erase c-1 --authority te-services":                   "--authority NAME --ground CODE",
		"erase --authority nobody":                            `unknown authority "nobody"`,
		"erase c-1 --scope planet --authority x --ground y":   "--scope must be one of",
		"erase c-1 c-2 --authority te-services --ground abcd": "unexpected argument c-2",
	} {
		if status, _, errs := a.typed(t, strings.Fields(args)...); status == 0 || !strings.Contains(errs, want) {
			t.Errorf("%s: %d %s", args, status, errs)
		}
	}
}

func TestARefusedErasureSaysWhatToDo(t *testing.T) {
	for answer, want := range map[string]string{
		`{"status":409,"reason":"conflict","rule":"AFG-63"}`:              "AFG-63 keeps it",
		`{"status":409,"reason":"conflict"}`:                              "gallra erase lists the orders",
		`{"status":410,"reason":"gone"}`:                                  "gallra receipts",
		`{"status":404,"reason":"not-found"}`:                             "at this authority",
		`{"status":422,"reason":"invalid-field","field":"ground"}`:        "gallra policy show",
		`{"status":422,"reason":"invalid-field","field":"record"}`:        "--scope case",
		`{"status":403,"reason":"forbidden","title":"Not for this role"}`: "orbidden",
	} {
		var refusal struct{ Status int }
		if err := json.Unmarshal([]byte(answer), &refusal); err != nil {
			t.Fatal(err)
		}
		a := answers(t, map[string]reply{"POST /v1/erasures": {refusal.Status, answer}})
		if status, _, errs := a.typed(t, "erase", "r-1", "--authority", "te-services", "--ground", "unlawful"); status == 0 || !strings.Contains(errs, want) {
			t.Errorf("%s: %d %s", answer, status, errs)
		}
	}
	none := answers(t, map[string]reply{"GET /v1/erasures": {200, `{"erasures":[]}`}})
	if status, out, _ := none.typed(t, "erase"); status != 0 || out != "nobody has ordered an erasure\n" {
		t.Errorf("%d %s", status, out)
	}
}
