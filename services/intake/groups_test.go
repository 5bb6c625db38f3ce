package intake_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"gallra.se/events"
)

// group creates one and returns its path.
func (c *centre) group(body string) string {
	c.t.Helper()
	id, _ := c.expect("201", c.officer, "POST", "/v1/groups", "", body)["id"].(string)
	var created events.GroupCreated
	c.next(events.TypeGroupCreated, &created)
	if created.Group.String() != id {
		c.t.Errorf("%+v", created)
	}
	return "/v1/groups/" + id
}

const jobClub = `{"id":"g-1","name":"Jobbklubben i mars","start":"2025-03-01","end":"2025-05-31"}`

func joining(name, nationalID string) string {
	return fmt.Sprintf(`{"person":{"name":%q,"nationalId":%q},"fields":{"email":"a@example.org","text":"canary-words"},"at":"2025-03-04T09:00:00+02:00"}`, name, nationalID)
}

// joined lets somebody join and returns the path of the record.
func (c *centre) joined(group, name, nationalID string) (path string, told events.GroupJoined) {
	c.t.Helper()
	out := c.expect("201", c.officer, "POST", group+"/participants", "", joining(name, nationalID))
	if fmt.Sprint(out["stored"], out["dropped"]) != "[email name nationalId] [text]" || out["noticeVersion"] == "" || out["noticeUrl"] == "" {
		c.t.Errorf("%v", out)
	}
	e := c.next(events.TypeGroupJoined, &told)
	if key := e.Extensions()["partitionkey"]; told.Participant.String() != out["id"] || key != told.Group.String() {
		c.t.Errorf("%+v under %v", told, key)
	}
	return fmt.Sprintf("%s/participants/%v", group, out["id"]), told
}

// KSC-11, KSC-18: leaver and finisher vanish the same day, a year after the group's end.
func TestAParticipantsDataGoAYearAfterTheGroupAlsoOfWhoLeft(t *testing.T) {
	t.Parallel()
	c := newCentre(t)
	group := c.group(jobClub)
	leaver, first := c.joined(group, "Aili Kanariefjorton", "050105A916V")
	stayer, second := c.joined(group, "Eero Kanariefjorton", "080181-9738")
	c.expect("200", c.officer, "DELETE", leaver, "case-handling", "")
	var left events.GroupLeft
	c.next(events.TypeGroupLeft, &left)
	if left.Participant != first.Participant || left.LeftOn != "2025-03-04" {
		t.Errorf("%+v", left)
	}
	c.expect("200", c.officer, "DELETE", leaver, "case-handling", "") // leaving twice is leaving once
	c.expect("200", c.officer, "POST", group+"/move", "", `{"end":"2025-06-30"}`)
	var moved events.GroupMoved
	c.next(events.TypeGroupMoved, &moved)
	c.clock.set("2025-06-15T10:00:00+03:00")
	c.expect("200", c.officer, "POST", group+"/end", "", `{"end":"2025-06-15"}`)
	var ended events.GroupEnded
	c.next(events.TypeGroupEnded, &ended)
	if moved.EndOn != "2025-06-30" || ended.EndedOn != "2025-06-15" {
		t.Errorf("%+v %+v", moved, ended)
	}
	c.expect("200", c.officer, "POST", group+"/end", "", `{"end":"2025-06-15"}`)
	c.expect("409 conflict", c.officer, "POST", group+"/end", "", `{"end":"2025-06-14"}`)
	c.expect("409 conflict", c.officer, "POST", group+"/participants", "", joining("Zelda Kanariefjorton", "290478-911E"))

	// Intake's own facts: a year from the group's end, for both.
	due := []events.DueUnit{}
	for _, unit := range []uuid.UUID{first.Unit, second.Unit} {
		due = append(due, events.DueUnit{Unit: unit, Rule: "KSC-18", Trigger: events.TriggerGroupEnded, DueOn: "2026-06-15", DueAt: moment("2026-06-15T00:00:00+03:00"), PolicyVersion: "2021-01-01"})
	}
	c.clock.set("2026-06-15T00:00:00+03:00")
	c.fromTimer(events.TypeDisposalDue, "g", events.DisposalDue{Holder: events.Intake, Units: due})
	for range due {
		var declined events.DisposalDeclined
		c.next(events.TypeDisposalDeclined, &declined)
		if declined.Units[0].Reason != "own-facts" {
			t.Errorf("%+v", declined)
		}
	}
	for _, path := range []string{leaver, stayer} {
		seen := c.expect("200", c.officer, "GET", path, "case-handling", "")
		if fmt.Sprint(seen["stored"]) != "[email name nationalId]" || strings.Contains(fmt.Sprint(seen), "canary") {
			t.Errorf("%v", seen)
		}
	}
	for i := range due {
		due[i].DueOn, due[i].DueAt = "2026-06-16", moment("2026-06-16T00:00:00+03:00")
	}
	c.clock.set("2026-06-16T00:00:00+03:00")
	c.fromTimer(events.TypeDisposalDue, "g", events.DisposalDue{Holder: events.Intake, Units: due})
	for _, path := range []string{leaver, stayer} {
		c.expect("410 gone", c.officer, "GET", path, "case-handling", "")
		c.expect("410 gone", c.officer, "DELETE", path, "case-handling", "")
	}
	if rows := c.rows(); rows["participant"]+rows["contact"]+rows["key_lookup"] != 0 || rows["job_group"] != 0 {
		t.Errorf("left: %v", rows)
	}
}

func TestNobodyTakesPartInAGroupTwice(t *testing.T) {
	t.Parallel()
	c := newCentre(t)
	group := c.group(jobClub)
	ids := make([]string, 6)
	var many sync.WaitGroup
	for i := range ids {
		many.Go(func() {
			_, out := c.said(c.officer, "POST", group+"/participants", "", joining("Aili Kanariefjorton", "050105A916V"))
			ids[i], _ = out["id"].(string)
		})
	}
	many.Wait()
	known := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == "" })
	if slices.Sort(known); len(known) != len(ids) || known[0] != known[len(known)-1] {
		t.Fatalf("%v", ids)
	}
	if rows := c.rows(); rows["participant"] != 1 || rows["contact"] != 1 {
		t.Errorf("%v", rows)
	}
	var told events.GroupJoined
	c.next(events.TypeGroupJoined, &told)
	path := group + "/participants/" + known[0]
	c.expect("409 conflicting-duplicate", c.officer, "POST", group+"/participants", "", joining("Another Name", "050105A916V"))
	c.expect("200", c.officer, "GET", path, "case-handling", "")
	c.expect("200", c.officer, "DELETE", path, "case-handling", "")
	var left events.GroupLeft
	c.next(events.TypeGroupLeft, &left)
	if out := c.expect("201", c.officer, "POST", group+"/participants", "", joining("Aili Kanariefjorton", "050105A916V")); out["id"] != known[0] {
		t.Errorf("who comes back is another: %v", out)
	}
	c.next(events.TypeGroupJoined, &told)
	if told.Participant.String() != known[0] {
		t.Errorf("%+v", told)
	}
	other := c.group(strings.Replace(jobClub, "g-1", "g-2", 1))
	if _, again := c.joined(other, "Aili Kanariefjorton", "050105A916V"); again.Participant.String() == known[0] {
		t.Error("two groups share a record")
	}
	c.expect("404 not-found", c.officer, "GET", other+"/participants/"+known[0], "case-handling", "")
}

// KSC-25
func TestAGroupIsRefusedWithoutPlanPersonOrRight(t *testing.T) {
	t.Parallel()
	c := newCentre(t)
	for body, want := range map[string]string{
		strings.Replace(jobClub, "2025-05-31", "2025-02-28", 1):              "422 invalid-time end",
		strings.Replace(jobClub, "2025-03-01", "2025-02-30", 1):              "422 invalid-time start",
		strings.Replace(jobClub, `"start":"2025-03-01",`, "", 1):             "422 missing-field start",
		strings.Replace(jobClub, "Jobbklubben i mars", "", 1):                "422 missing-field name",
		strings.Replace(jobClub, "Jobbklubben", "Jobb\\u0007klubben", 1):     "422 invalid-text name",
		strings.Replace(jobClub, "Jobbklubben", strings.Repeat("x", 300), 1): "413 too-large name",
		strings.Replace(jobClub, "i mars", "för 050105A916V", 1):             "422 invalid-text name",
		strings.Replace(jobClub, `"name"`, `"title"`, 1):                     "422 unknown-field title",
	} {
		c.expect(want, c.officer, "POST", "/v1/groups", "", body)
	}
	group := c.group(jobClub)
	c.expect("201", c.officer, "POST", "/v1/groups", "", jobClub)
	c.expect("409 conflicting-duplicate", c.officer, "POST", "/v1/groups", "", strings.Replace(jobClub, "mars", "april", 1))
	if seen := c.expect("200", c.officer, "GET", group, "", ""); seen["name"] != "Jobbklubben i mars" || seen["end"] != "2025-05-31" || seen["ended"] != false {
		t.Errorf("%v", seen)
	}
	for body, want := range map[string]string{
		joining("Aili", "050105A916X"): "422 invalid-national-id nationalId",
		joining("Aili", "131052-308T"): "422 invalid-national-id nationalId", // no test number
		joining("Aili", ""):            "422 missing-field nationalId",
		strings.Replace(joining("Aili", "050105A916V"), `"email"`, `"shoeSize"`, 1):    "422 unknown-field shoeSize",
		strings.Replace(joining("Aili", "050105A916V"), "2025-03-04", "2025-03-05", 1): "422 invalid-time at",
		strings.Replace(joining("Aili", "050105A916V"), `"person"`, `"persons"`, 1):    "422 unknown-field persons",
	} {
		c.expect(want, c.officer, "POST", group+"/participants", "", body)
	}
	c.expect("404 not-found", c.officer, "POST", "/v1/groups/"+uuid.NewString()+"/participants", "", joining("Aili", "050105A916V"))
	c.expect("422 invalid-time end", c.officer, "POST", group+"/end", "", `{"end":"2025-03-05"}`) // tomorrow
	c.expect("422 invalid-time end", c.officer, "POST", group+"/move", "", `{"end":"2025-02-01"}`)
	c.expect("404 not-found", c.officer, "POST", "/v1/groups/x/end", "", `{"end":"2025-03-04"}`)
	unsworn, elsewhere := c.officer, c.officer
	unsworn.Undertaking, elsewhere.Authority = false, "te-services"
	c.expect("403 forbidden KSC-24", unsworn, "POST", group+"/participants", "", joining("Aili", "050105A916V"))
	c.expect("403 forbidden KSC-24", c.telephony, "POST", "/v1/groups", "", jobClub)
	c.expect("422 unknown-channel", elsewhere, "GET", group, "", "")
	path, _ := c.joined(group, "Aili", "050105A916V")
	c.expect("403 forbidden AFG-06", c.officer, "GET", path, "curiosity", "")
	c.expect("403 forbidden KSC-24", unsworn, "GET", path, "case-handling", "")
	c.expect("404 not-found", elsewhere, "GET", path, "case-handling", "")
}
