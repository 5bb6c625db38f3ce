//go:build faults

package acceptance

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/libs/fault"
	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/launch"
	"gallra.se/services/ledger/receipt"
)

// crash is a blow that falls when a service passes a point for so many times.
type crash struct {
	service, point, whom string
	pass                 int
}

func (c crash) String() string {
	return fmt.Sprintf("%s %s: %s %d", c.service, c.point, c.whom, c.pass)
}

// days is how many days in a row something goes: a contact a day in June 2022, a person with a case a day in May 2023.
const days = 27

// trial is a system of processes on which something goes every day.
type trial struct {
	t        *testing.T
	dir      string
	faults   string
	system   *launch.System
	api      *client.Client
	reader   *client.Client
	contacts []thing // in the order in which they go
	cases    []thing
	lives    int
}

// thing is what goes: where it is read, and the record under which its date and its receipt are found.
type thing struct{ path, record string }

func newTrial(t *testing.T) *trial {
	t.Helper()
	r := &trial{t: t, dir: dataDir(t), faults: t.TempDir()}
	r.start("--clock=simulated=2021-02-01")
	l := life{t, r.api}
	for day := range days {
		number := testNumber(day)
		l.hands(minute("2021-02-01", 4*day), "/v1/persons", map[string]any{"kind": "person.registered",
			"person": map[string]any{"nationalId": number, "name": "Kanarie Faltest"}})
		r.cases = append(r.cases, r.made("/v1/cases/", minute("2021-02-01", 4*day+1), "/v1/cases", map[string]any{"kind": "case.opened",
			"case": fmt.Sprint("AF-FAULT-", day), "type": "job-seeking", "persons": []string{number}}))
	}
	for day := range days {
		number, on := testNumber(day), fmt.Sprintf("2021-03-%02d", day+1)
		r.contacts = append(r.contacts, r.made("/v1/contacts/", minute("2021-04-01", 4*day), "/v1/contacts", map[string]any{"kind": "contact", "channel": "phone",
			"identified": false, "line": "national", "endedAt": on + "T12:00:00+01:00", "fields": map[string]any{"phoneNumber": "070-1740605"}}))
		l.hands(minute("2021-04-01", 4*day+1), "/v1/persons", map[string]any{"kind": "person.deregistered", "nationalId": number, "effective": on, "reason": "employment"})
		l.hands(minute("2021-04-01", 4*day+2), "/v1/cases", map[string]any{"kind": "case.closed", "case": fmt.Sprint("AF-FAULT-", day), "effective": on, "reason": "employment"})
	}
	return r
}

// made hands a line in at a local time and returns what it made.
func (r *trial) made(at, local, path string, line map[string]any) thing {
	r.t.Helper()
	line["at"], line["authority"], line["id"] = life{r.t, r.api}.at(local).Format(time.RFC3339), authority, "fault "+local+" "+path
	var said struct{ ID, Record string }
	if err := r.api.Post(r.t.Context(), authority, path, line, &said); err != nil {
		r.t.Fatalf("%s: %v", line["kind"], err)
	}
	if said.Record == "" {
		said.Record = said.ID
	}
	return thing{at + said.ID, said.Record}
}

// minute is a local time on a day, so many minutes after nine.
func minute(on string, n int) string { return fmt.Sprintf("%s %02d:%02d", on, 9+n/60, n%60) }

// start starts the whole. A blow may fall while it does, and once more: then it is started again.
func (r *trial) start(args ...string) {
	r.t.Helper()
	options := launch.Options{Dir: r.dir, Args: append(args, "--processes", "--key-copy="+filepath.Join(filepath.Dir(r.dir), "second-medium")),
		Env: []string{fault.Folder + "=" + r.faults, fault.Postgres + "=" + filepath.Join(r.dir, "postgres", "data", "postmaster.pid")}}
	system, err := launch.Start(r.t.Context(), options)
	for again := 0; err != nil && again < 3; again++ {
		r.t.Logf("started again: %v", err)
		system, err = launch.Start(r.t.Context(), options)
	}
	if err != nil {
		r.t.Fatal(err)
	}
	r.lives++
	r.t.Cleanup(system.Stop)
	r.system = system
	if r.api, err = system.Client(); err != nil {
		r.t.Fatal(err)
	}
	reader, err := system.Place().As(bearer.Claims{Authority: authority, Name: "reader", Roles: []string{"dpo"}, Undertaking: true, Trained: true}, time.Hour)
	if err != nil {
		r.t.Fatal(err)
	}
	r.reader = reader.For("supervision")
}

// lay prepares blows.
func (r *trial) lay(crashes ...crash) {
	r.t.Helper()
	for _, c := range crashes {
		place := filepath.Join(r.faults, c.service)
		if err := os.MkdirAll(place, 0o755); err != nil {
			r.t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(place, c.point), []byte(c.whom+" "+strconv.Itoa(c.pass)), 0o600); err != nil {
			r.t.Fatal(err)
		}
	}
}

// standing names the blows that have not fallen, and takes them away.
func (r *trial) standing() (left []string) {
	r.t.Helper()
	files, err := filepath.Glob(filepath.Join(r.faults, "*", "*"))
	if err != nil {
		r.t.Fatal(err)
	}
	for _, file := range files {
		name, _ := filepath.Rel(r.faults, file)
		left = append(left, name)
		os.Remove(file)
	}
	return left
}

// patience bounds how long (Pace) a system may take to come back from a blow and reach a time.
const faultPatience = 90 * time.Second

// reaches moves the clock, through whatever dies on the way.
func (r *trial) reaches(to time.Time) {
	r.t.Helper()
	for give := clock.PaceNow().Add(faultPatience); ; {
		_, err := r.api.Advance(r.t.Context(), to)
		if err == nil {
			return
		}
		if clock.PaceNow().After(give) {
			r.t.Fatalf("not at %s after %s: %v", to, faultPatience, err)
		}
		if r.system.Exited() {
			r.start("--clock=simulated=2021-02-01")
		}
		if err := clock.Sleep(r.t.Context(), 50*time.Millisecond); err != nil {
			r.t.Fatal(err)
		}
	}
}

// reads waits for an answer that is one, and returns its status.
func (r *trial) reads(path string) int {
	r.t.Helper()
	for give := clock.PaceNow().Add(faultPatience); ; {
		answer, err := r.reader.Do(r.t.Context(), client.Call{Authority: authority, Method: http.MethodGet, Path: path})
		if err == nil && answer.Status < http.StatusInternalServerError {
			return answer.Status
		}
		if clock.PaceNow().After(give) {
			r.t.Fatalf("%s is not answered after %s: %v", path, faultPatience, err)
		}
		if r.system.Exited() {
			r.start("--clock=simulated=2021-02-01")
		}
		if err := clock.Sleep(r.t.Context(), 50*time.Millisecond); err != nil {
			r.t.Fatal(err)
		}
	}
}

// goes lets what is at a path go while blows fall, and looks at it and at its neighbour. It asks for the moment first.
func (r *trial) goes(things []thing, day int) {
	r.t.Helper()
	said, err := r.api.Retention(r.t.Context(), authority, things[day].record)
	if err != nil {
		r.t.Fatal(err)
	}
	if said.DueAt.IsZero() {
		r.t.Fatalf("no day on which %s goes", things[day].path)
	}
	r.reaches(said.DueAt)
	r.gone(things, day)
}

func (r *trial) gone(things []thing, day int) {
	r.t.Helper()
	if status := r.reads(things[day].path); status != http.StatusGone {
		r.t.Errorf("day %d: %s answers %d after its day", day, things[day].path, status)
	}
	if day+1 < len(things) {
		if status := r.reads(things[day+1].path); status != http.StatusOK {
			r.t.Errorf("day %d: %s answers %d before its day", day, things[day+1].path, status)
		}
	}
}

// addsUp reconciles the system and verifies every receipt, of which there is one for each record that has gone.
func (r *trial) addsUp(contacts, cases int) {
	r.t.Helper()
	reconciles(r.t, r.system)
	key, err := r.api.LedgerKey(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	seen := map[string]int{}
	err = r.api.Receipts(r.t.Context(), -1, 0, "", func(one client.Receipt) error {
		seen[one.Record]++
		return receipt.Verify([]byte(one.Receipt), key)
	})
	if err != nil {
		r.t.Error(err)
	}
	for _, gone := range append(r.contacts[:contacts:contacts], r.cases[:cases]...) {
		if n := seen[gone.record]; n != 1 {
			r.t.Errorf("%s has %d receipts", gone.path, n)
		}
	}
	if len(seen) != contacts+2*cases {
		r.t.Errorf("%d records have receipts, %d contacts and %d persons with a case have gone", len(seen), contacts, cases)
	}
}

// TestACrashAtAnyStepOfADisposalIsAsIfNothingHadHappened lets every service that takes part in a disposal die once at each
// point that its code names, several of them in one night, and PostgreSQL and `gallra up` with its nats-server at some.
func TestACrashAtAnyStepOfADisposalIsAsIfNothingHadHappened(t *testing.T) {
	t.Parallel()
	contacts, cases := nights(t)
	if len(contacts) > days || len(cases) > days {
		t.Fatalf("%d and %d nights are too many for %d days", len(contacts), len(cases), days)
	}
	r := newTrial(t)
	for day, blows := range contacts {
		r.lay(blows...)
		r.goes(r.contacts, day)
		if left := r.standing(); len(left) > 0 {
			t.Errorf("night %d: never reached: %v", day, left)
		}
	}
	r.goes(r.contacts, days-1)
	for day, blows := range cases {
		r.lay(blows...)
		r.goes(r.cases, day)
		if left := r.standing(); len(left) > 0 {
			t.Errorf("night %d of the cases: never reached: %v", day, left)
		}
	}
	r.addsUp(days, len(cases))
	t.Logf("%d points were passed in %d nights, and the whole was started %d times", count(contacts)+count(cases), len(contacts)+len(cases), r.lives)
}

func count(nights [][]crash) (n int) {
	for _, night := range nights {
		n += len(night)
	}
	return n
}

// TestChaos is `make chaos`: as many seeded nights as GALLRA_CHAOS says, in each of which one to three things die.
func TestChaos(t *testing.T) {
	runs, _ := strconv.Atoi(os.Getenv("GALLRA_CHAOS"))
	if runs == 0 {
		t.Skip("takes long: make chaos runs it")
	}
	seed := uint64(time.Now().UnixNano())
	if given, err := strconv.ParseUint(os.Getenv("GALLRA_SEED"), 10, 64); err == nil {
		seed = given
	}
	t.Logf("GALLRA_SEED=%d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	fallen := map[string]int{}
	for done := 0; done < runs; {
		r := newTrial(t)
		ofContacts, ofCases := crashPoints(t)
		for day := 0; day < 2*days && done < runs; day++ {
			points, things := ofContacts, r.contacts
			if day >= days {
				points, things = ofCases, r.cases
			}
			blows := dice(random, points)
			r.lay(blows...)
			r.goes(things, day%days)
			left := r.standing()
			for _, b := range blows {
				fallen[b.whom]++
			}
			fallen["never"] += len(left)
			r.addsUp(min(day+1, days), max(0, day+1-days))
			done++
			if t.Failed() {
				t.Fatalf("run %d: %v", done, blows)
			}
		}
		r.system.Stop()
	}
	t.Logf("%d runs: %v", runs, fallen)
}

// dice draws one to three blows: mostly at a service, sometimes at PostgreSQL or everything.
func dice(random *rand.Rand, points []crash) (blows []crash) {
	for range 1 + random.IntN(3) {
		c := points[random.IntN(len(points))]
		c.pass = 1 + random.IntN(2)
		switch random.IntN(8) {
		case 0:
			c.whom = "postgres"
		case 1:
			c.whom = "parent"
		}
		blows = append(blows, c)
	}
	return blows
}
