package calendar

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/pg/pgtest"
)

// reckoned is one case: what is counted, and what came out.
type reckoned struct {
	d0     Date
	period Period
	mode   Mode
	zone   string

	e, gone Date
	at      time.Time
}

func (c reckoned) here(t *testing.T) reckoned {
	t.Helper()
	loc, err := time.LoadLocation(c.zone)
	if err != nil {
		t.Fatal(err)
	}
	c.e = End(c.d0, c.period)
	c.gone = GoneFrom(c.d0, c.period, c.mode)
	c.at = Midnight(c.gone, loc)
	return c
}

const inPostgreSQL = `
	SELECT e, gone, gone::timestamp AT TIME ZONE zone
	FROM unnest($1::date[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS given(d0, period, mode, zone, i),
	LATERAL (SELECT (d0 + period::interval)::date AS e) AS ended,
	LATERAL (SELECT CASE mode WHEN 'exact' THEN e + 1 WHEN 'ceiling' THEN e
		WHEN 'weekly' THEN (date_trunc('week', e::timestamp) + interval '1 week')::date END AS gone) AS read
	ORDER BY i`

// askPostgreSQL has the same cases reckoned by PostgreSQL's own arithmetic of dates, intervals and zones, in one query.
func askPostgreSQL(t *testing.T, cases []reckoned) []reckoned {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), pgtest.New(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var d0, periods, modes, zones []string
	for _, c := range cases {
		d0, periods = append(d0, c.d0.String()), append(periods, c.period.String())
		modes, zones = append(modes, string(c.mode)), append(zones, c.zone)
	}
	rows, err := conn.Query(t.Context(), inPostgreSQL, d0, periods, modes, zones)
	if err != nil {
		t.Fatal(err)
	}
	answers := slices.Clone(cases)
	i := 0
	for ; rows.Next(); i++ {
		if err := rows.Scan(&answers[i].e, &answers[i].gone, &answers[i].at); err != nil {
			t.Fatal(err)
		}
		answers[i].at = answers[i].at.UTC()
	}
	if rows.Err() != nil || i != len(cases) {
		t.Fatalf("%d answers to %d cases, %v", i, len(cases), rows.Err())
	}
	return answers
}

var bothZones = []string{"Europe/Stockholm", "Europe/Helsinki"}

// awkward are days that a careless count goes wrong on, and their neighbours: leap days, ends of months, the nights in which
// the clocks change, the last second of 32 bits, and centuries.
func awkward() (days []Date) {
	for year := 2018; year <= 2044; year++ {
		for month := time.January; month <= time.December; month++ {
			days = append(days, NewDate(year, month+1, 0)) // the month's last day
		}
		for _, month := range []time.Month{time.March, time.October} {
			last := NewDate(year, month+1, 0)
			days = append(days, last.AddDays(-int(last.Weekday()))) // the last Sunday: the clocks change
		}
	}
	days = append(days, MustDate("2038-01-19"), MustDate("2000-02-29"), MustDate("2099-12-31"), MustDate("2100-02-28"))
	for _, d := range slices.Clone(days) {
		days = append(days, d.AddDays(-1), d.AddDays(1))
	}
	return days
}

var promised = []Period{{Months: 15}, {Months: 26}, {Months: 36}, {Months: 24}, {Months: 6}, {Months: 12}, {Months: 120}, {Days: 29}, {Days: 180}, {Days: 14}, {}}

// TestPostgreSQLCountsTheSameDays: every awkward day under every promised period, and 12,000 random cases up to the year 2150.
func TestPostgreSQLCountsTheSameDays(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Date(2018, 5, 25, 0, 0, 0, 0, time.UTC).Unix())
	random := rand.New(rand.NewPCG(seed, seed))
	allModes := []Mode{Exact, Ceiling, Weekly}
	var cases []reckoned
	for i, d := range awkward() {
		for j, p := range promised {
			cases = append(cases, reckoned{d0: d, period: p, mode: allModes[(i+j)%3], zone: bothZones[(i/3+j)%2]})
		}
	}
	for range 12_000 {
		p := Period{Months: random.IntN(361)}
		if random.IntN(2) == 0 {
			p = Period{Days: random.IntN(11_000)}
		}
		cases = append(cases, reckoned{d0: MustDate("1996-01-01").AddDays(random.IntN(45_000)), period: p,
			mode: allModes[random.IntN(3)], zone: bothZones[random.IntN(2)]})
	}
	compare(t, cases)
}

// TestPostgreSQLCountsTheVectorsToo keeps the vectors honest: they are PostgreSQL's dates as well.
func TestPostgreSQLCountsTheVectorsToo(t *testing.T) {
	t.Parallel()
	var cases []reckoned
	for _, v := range published(t) {
		period, err := ParsePeriod(v.Period)
		if err != nil {
			t.Fatal(err)
		}
		cases = append(cases, reckoned{d0: v.D0, period: period, mode: v.Mode, zone: v.Zone})
	}
	compare(t, cases)
}

func compare(t *testing.T, cases []reckoned) {
	t.Helper()
	differ := 0
	for i, said := range askPostgreSQL(t, cases) {
		if counted := cases[i].here(t); said != counted {
			if differ++; differ <= 10 {
				t.Errorf("%s + %s, %s, %s: PostgreSQL says %s, %s, %s; here %s, %s, %s", said.d0, said.period, said.mode, said.zone,
					said.e, said.gone, said.at, counted.e, counted.gone, counted.at)
			}
		}
	}
	t.Logf("%d of %d cases differ", differ, len(cases))
}
