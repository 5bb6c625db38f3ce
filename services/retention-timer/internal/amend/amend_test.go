package amend_test

import (
	"errors"
	"io"
	"maps"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/logs"
	"gallra.se/libs/policy"
	"gallra.se/libs/policy/follow"
	"gallra.se/libs/problem"
	"gallra.se/services/retention-timer/internal/amend"
	"gallra.se/services/retention-timer/internal/plan"
	"gallra.se/services/retention-timer/internal/testbed"
)

func desk(b *testbed.Bed) *amend.Desk {
	return &amend.Desk{Desk: b.Desk.Desk, DB: b.DB, Clock: b.Now, Changed: func() {},
		Follow: &follow.Follower{Set: b.Desk.Policy, DB: b.DB, Log: logs.New(io.Discard, "test")}}
}

// files are those of a pack with a version of the chat's period added, in force from a day.
func files(t *testing.T, p *policy.Pack, version, from, period string) map[string]string {
	t.Helper()
	changed := maps.Clone(p.Files())
	last := p.Versions[len(p.Versions)-1]
	insert(t, changed, "authority.yaml", `{version: "`+last.Name+`", validFrom: `+last.ValidFrom.String()+`}`,
		"  - {version: \""+version+"\", validFrom: "+from+"}")
	rule := changed["rules.yaml"]
	chat := rule[strings.Index(rule, "- id: AFC-21"):]
	versions := chat[:strings.Index(chat, "awaitReceipts")]
	changed["rules.yaml"] = strings.Replace(rule, versions, versions[:strings.LastIndex(versions, "}")+1]+
		"\n      - {validFrom: "+from+", period: "+period+", mode: exact}\n    ", 1)
	return changed
}

func insert(t *testing.T, files map[string]string, name, after, line string) {
	t.Helper()
	before, rest, found := strings.Cut(files[name], after)
	if !found {
		t.Fatalf("%s does not have %s", name, after)
	}
	files[name] = before + after + "\n" + line + rest
}

func pack(t *testing.T, b *testbed.Bed) *policy.Pack {
	t.Helper()
	p, err := b.Desk.Pack(b.Authority)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func change(t *testing.T, b *testbed.Bed, version, from, period string) plan.Plan {
	t.Helper()
	d, changed := desk(b), files(t, pack(t, b), version, from, period)
	made, err := d.Plan(t.Context(), b.Authority, changed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Activate(t.Context(), b.Authority, changed, made.Hash); err != nil {
		t.Fatal(err)
	}
	if err := d.Recompute(t.Context(), b.Now.Now()); err != nil {
		t.Fatal(err)
	}
	return made
}

func TestAShorterPeriodActsFromItsFirstDayAndALongerOneNeverProlongs(t *testing.T) { // SC-29
	t.Parallel()
	b := testbed.New(t)
	b.Now.Set(testbed.At("2025-06-20 09:00"))
	a := b.Contact("contact.chat", "2025-06-10")
	other := b.Contact("contact.phone-log", "2025-06-10")
	made := change(t, b, "shorter", "2025-07-01", "14 days")
	if made.Totals != (plan.Totals{Living: 2, Effects: plan.Effects{AtOnce: 1, Unchanged: 1}}) || len(made.Changes) == 0 {
		t.Errorf("the plan says %+v", made)
	}
	if u := b.Unit(a); u.DueOn.String() != "2025-07-01" || !strings.HasSuffix(u.PolicyVersion, " shorter") {
		t.Errorf("due %s under %q", u.DueOn, u.PolicyVersion)
	}
	if u := b.Unit(other); strings.Contains(u.PolicyVersion, " ") {
		t.Errorf("the phone log is under %q", u.PolicyVersion)
	}
	b.Now.Set(testbed.At("2025-08-25 12:00"))
	second := b.Contact("contact.chat", "2025-08-25")
	change(t, b, "longer", "2025-09-01", "60 days")
	if u := b.Unit(second); u.DueOn.String() != "2025-09-09" || u.PolicyVersion != "shorter" {
		t.Errorf("due %s under %q", u.DueOn, u.PolicyVersion)
	}
	b.Now.Set(testbed.At("2025-09-01 10:00"))
	third := b.Contact("contact.chat", "2025-09-01")
	if u := b.Unit(third); u.DueOn.String() != "2025-11-01" || u.PolicyVersion != "longer" {
		t.Errorf("due %s under %q", u.DueOn, u.PolicyVersion)
	}
}

func TestAChangeReachesEveryUnitAndTellsTheirHolders(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	b.Now.Set(testbed.At("2025-06-20 09:00"))
	const many = 1203 // several batches
	b.Tx(func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `
			WITH u AS (INSERT INTO unit (authority, unit, holder, kind, key, partition, state, rule, trigger, due_on, due_at, claim_at, category, collected_on, own_on)
				SELECT $1, gen_random_uuid(), 'intake', 'contact', gen_random_uuid()::text, 1, 'running', 'AFC-21', 'contact-ended',
					'2025-07-19', '2025-07-18 22:00Z', '2025-07-18 22:00Z', 'contact.chat', '2025-06-19', '2025-06-19' FROM generate_series(1, $2)
				RETURNING authority, unit)
			INSERT INTO record SELECT authority, gen_random_uuid(), unit FROM u`, b.Authority, many)
		return err
	})
	b.Out.Take()
	made := change(t, b, "shorter", "2025-07-01", "14 days")
	if made.Totals.Earlier != many || len(made.Moves) != 1 || made.Moves[0].Month != "2025-07" {
		t.Errorf("the plan says %+v", made.Totals)
	}
	var left, trails int
	if err := b.DB.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM unit WHERE due_on <> '2025-07-04'), (SELECT count(*) FROM trail WHERE because = 'policy.activated')`).
		Scan(&left, &trails); err != nil || left != 0 || trails != many {
		t.Errorf("%d units have another date, %d trails, %v", left, trails, err)
	}
	told, activated := 0, 0
	for _, letter := range b.Out.Take() {
		switch said := letter.Data.(type) {
		case events.ClockRecomputed:
			told += len(said.Units)
		case events.PolicyActivated:
			activated++
		}
	}
	if told != many || activated != 1 {
		t.Errorf("holders were told of %d units and %d activations", told, activated)
	}
}

func TestAPackThatIsRefusedChangesNothing(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	b.Now.Set(testbed.At("2025-06-20 09:00"))
	good := pack(t, b)
	edit := func(file, old, new string) map[string]string {
		changed := files(t, good, "next", "2025-07-01", "14 days")
		if !strings.Contains(changed[file], old) {
			t.Fatalf("%s does not have %q", file, old)
		}
		changed[file] = strings.Replace(changed[file], old, new, 1)
		return changed
	}
	for name, c := range map[string]struct {
		files map[string]string
		says  string
	}{
		"no yaml":                   {map[string]string{"rules.yaml": "rules: ["}, "rules.yaml"},
		"a period without its unit": {edit("rules.yaml", "period: 14 days", "period: 14"), "rules.yaml:"},
		"a version from yesterday":  {files(t, good, "next", "2025-06-20", "14 days"), "begins after today"},
		"no new version":            {edit("authority.yaml", "  - {version: \"next\", validFrom: 2025-07-01}\n", ""), ""},
		"an older promise changed":  {edit("rules.yaml", "period: 15 months", "period: 16 months"), "AFC-10"},
		"another recipient's list":  {edit("recipients.yaml", "fields: [name, nationalId, registrationDates, fund]", "fields: [name, nationalId, registrationDates]"), "recipients"},
		"another statistics period": {statistics(t, files(t, good, "next", "2025-07-01", "14 days")), "statistics"},
		"another zone":              {edit("authority.yaml", "Europe/Stockholm", "Europe/Helsinki"), "zone"},
	} {
		_, err := desk(b).Plan(t.Context(), b.Authority, c.files)
		var p problem.Problem
		if !errors.As(err, &p) || p.Reason != "policy-refused" || !strings.Contains(p.Detail, c.says) {
			t.Errorf("%s: %v %s", name, err, p.Detail)
		}
	}
	if pack(t, b).Hash() != good.Hash() {
		t.Error("the pack in force is another one")
	}
}

// statistics adds a version of the statistics rows' period.
func statistics(t *testing.T, changed map[string]string) map[string]string {
	t.Helper()
	insert(t, changed, "rules.yaml", "{validFrom: 2018-05-25, period: 10 years, mode: ceiling}", "      - {validFrom: 2025-07-01, period: 5 years, mode: ceiling}")
	return changed
}

func TestActivationNeedsThePlanOfThatChangeAndThatDay(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	b.Now.Set(testbed.At("2025-06-20 09:00"))
	d, changed := desk(b), files(t, pack(t, b), "shorter", "2025-07-01", "14 days")
	made, err := d.Plan(t.Context(), b.Authority, changed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Activate(t.Context(), b.Authority, changed, ""); !stale(err) {
		t.Errorf("without a plan: %v", err)
	}
	if _, err := d.Activate(t.Context(), b.Authority, files(t, pack(t, b), "shorter", "2025-07-01", "13 days"), made.Hash); !stale(err) {
		t.Errorf("with the plan of another change: %v", err)
	}
	b.Now.Set(testbed.At("2025-06-21 00:00"))
	if _, err := d.Activate(t.Context(), b.Authority, changed, made.Hash); !stale(err) {
		t.Errorf("with yesterday's plan: %v", err)
	}
	b.Now.Set(testbed.At("2025-06-20 23:59"))
	b.Out.Take()
	for range 2 { // the second changes nothing
		if _, err := d.Activate(t.Context(), b.Authority, changed, made.Hash); err != nil {
			t.Fatal(err)
		}
	}
	if said := b.Out.Take(); len(said) != 1 {
		t.Errorf("%d events, expected one", len(said))
	}
	state, err := d.State(t.Context(), b.Authority, false)
	if err != nil || state.Version != "shorter" || len(state.Activations) != 1 || state.Plan == nil {
		t.Errorf("%+v, %v", state, err)
	}
}

func stale(err error) bool {
	var p problem.Problem
	return errors.As(err, &p) && p.Reason == "plan-stale"
}

// TestAnotherInstanceCountsByTheNewPackFromItsNextTransactionOn: it has heard nothing yet, and asks the table.
func TestAnotherInstanceCountsByTheNewPackFromItsNextTransactionOn(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	b.Now.Set(testbed.At("2025-06-20 09:00"))
	other := *b
	second := *b.Desk.Desk
	second.Policy = policy.Default().Clone()
	other.Desk.Desk = &second
	change(t, b, "shorter", "2025-07-01", "14 days")
	if p := pack(t, &other); p.Version == "shorter" {
		t.Fatal("the packs of the two are one")
	}
	still := desk(&other)
	chat := uuid.New()
	other.Tx(func(tx pgx.Tx) error { return still.Still(t.Context(), tx) })
	other.ContactAs(chat, "contact.chat", "2025-06-20")
	if u := b.Unit(chat); u.DueOn.String() != "2025-07-05" {
		t.Errorf("due %s", u.DueOn)
	}
}
