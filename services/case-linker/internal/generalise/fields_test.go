package generalise

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"gallra.se/events"
	"gallra.se/events/contract"
	"gallra.se/libs/calendar"
)

var day = calendar.MustDate

func berit() Closure {
	return Closure{
		Country: "SE", Born: day("1990-02-10"), Sex: "female", Municipality: "0180", SSYK: "2513",
		CaseType: "job-seeking", OpenedOn: day("2023-05-02"), ClosedOn: day("2024-03-31"), Reason: "got-work",
		Contacts: map[string]int{"phone": 2, "chat": 1}, PriorCases: 1,
	}
}

func TestARowHoldsNothingFinerThanTheseCodes(t *testing.T) {
	t.Parallel()
	want := events.StatisticsFields{
		Sex: "female", AgeBand: "30-34", County: "01", SSYK: "25", ClosedQuarter: "2024Q1",
		Programme: "none", SpellBand: "26-51", CaseType: "job-seeking", ClosingReason: "got-work",
		ContactsBand: "3-5", ChannelMain: "phone", PriorCases5Y: "1",
		ImputedFlags: []string{}, SourceCompleteness: "full",
	}
	if diff := cmp.Diff(want, Fields(berit())); diff != "" {
		t.Error(diff)
	}
	if Epoch(berit().ClosedOn) != 2024 {
		t.Error("the epoch is the year of closure")
	}
}

func TestWhatIsNotKnownIsFlaggedAndCountedInTheWidestCode(t *testing.T) {
	t.Parallel()
	want := events.StatisticsFields{
		Sex: "unknown", AgeBand: "*", County: "SE", SSYK: "*", ClosedQuarter: "2024Q4",
		Programme: "none", SpellBand: "<13", CaseType: "other", ClosingReason: "other",
		ContactsBand: "0", ChannelMain: "none", PriorCases5Y: "0",
		ImputedFlags:       []string{"sex", "age_band", "county", "ssyk", "spell_band", "case_type", "closing_reason"},
		SourceCompleteness: "partial",
	}
	if diff := cmp.Diff(want, Fields(Closure{ClosedOn: day("2024-12-31")})); diff != "" {
		t.Error(diff)
	}
}

func TestBands(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, got, want string
	}{
		{"the day before the 25th birthday", ageBand(day("2000-06-15"), day("2025-06-14")).code, "20-24"},
		{"the 25th birthday", ageBand(day("2000-06-15"), day("2025-06-15")).code, "25-29"},
		{"born on a leap day, 28 February", ageBand(day("2000-02-29"), day("2025-02-28")).code, "20-24"},
		{"born on a leap day, 1 March", ageBand(day("2000-02-29"), day("2025-03-01")).code, "25-29"},
		{"nineteen", ageBand(day("2005-12-31"), day("2025-12-30")).code, "<20"},
		{"sixty-five", ageBand(day("1960-12-30"), day("2025-12-30")).code, ">=65"},
		{"not yet born", ageBand(day("2026-01-01"), day("2025-12-30")).code, "*"},
		{"90 days", spellBand(day("2025-01-01"), day("2025-04-01")).code, "<13"},
		{"91 days", spellBand(day("2025-01-01"), day("2025-04-02")).code, "13-25"},
		{"51 weeks and 6 days", spellBand(day("2025-01-01"), day("2025-12-30")).code, "26-51"},
		{"52 weeks", spellBand(day("2025-01-01"), day("2025-12-31")).code, "52-103"},
		{"104 weeks", spellBand(day("2025-01-01"), day("2026-12-30")).code, ">=104"},
		{"closed on the day", spellBand(day("2025-01-01"), day("2025-01-01")).code, "<13"},
		{"31 March", quarter(day("2025-03-31")), "2025Q1"},
		{"1 April", quarter(day("2025-04-01")), "2025Q2"},
		{"31 December", quarter(day("2025-12-31")), "2025Q4"},
		{"two contacts", contactsBand(map[string]int{"phone": 1, "chat": 1}), "1-2"},
		{"eleven contacts", contactsBand(map[string]int{"phone": 11}), ">10"},
		{"as many in both", channelMain(map[string]int{"phone": 1, "chat": 1}), "chat"},
		{"a channel without a code", channelMain(map[string]int{"kanarie": 1}), "other"},
		{"three prior cases", priorBand(3), "2+"},
	} {
		if row.got != row.want {
			t.Errorf("%s: %s, not %s", row.name, row.got, row.want)
		}
	}
}

func TestTheCountyComesFromMunicipalityThenPostcodeThenNotAtAll(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		c     Closure
		want  string
		known bool
	}{
		{Closure{Municipality: "2580", Address: "Storgatan 1, 111 22 Stockholm"}, "25", true},
		{Closure{Municipality: "0280"}, "SE", false}, // there is no county 02
		{Closure{Address: "Provgatan 2, 172 00 Provstad"}, "01", false},
		{Closure{Address: "Box 7, 59380 Västervik"}, "08", false},
		{Closure{Address: "Box 7, 595 30 Mjölby"}, "05", false},
		{Closure{Address: "Storgatan 14, Härnösand"}, "SE", false},
		{Closure{Address: "Storgatan 17200123"}, "SE", false},
		{Closure{Country: "FI", Municipality: "0910"}, "FI", false},
	} {
		if got := county(row.c); got.code != row.want || got.known != row.known {
			t.Errorf("%+v: %+v", row.c, got)
		}
	}
	for prefix, code := range byPrefix {
		if !slices.Contains(counties, code) {
			t.Errorf("postcode %s lies in no county", prefix)
		}
	}
}

// Law: whatever the source says, the row satisfies the schema, and every value
// is one of a list that was written before the source said anything.
func TestNoTextEverPasses(t *testing.T) {
	t.Parallel()
	allowed := allCodes()
	anyText := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"kanarie", "199001012385", "phone", "0180", ""}))
	anyDay := rapid.Custom(func(t *rapid.T) calendar.Date {
		return calendar.NewDate(rapid.IntRange(1900, 2100).Draw(t, "year"), 1, rapid.IntRange(1, 366).Draw(t, "day"))
	})
	rapid.Check(t, func(t *rapid.T) {
		f := Fields(Closure{
			Country: rapid.SampledFrom([]string{"SE", "FI", ""}).Draw(t, "country"),
			Born:    anyDay.Draw(t, "born"), Sex: anyText.Draw(t, "sex"),
			Municipality: anyText.Draw(t, "municipality"), Address: anyText.Draw(t, "address"),
			SSYK: anyText.Draw(t, "ssyk"), Programme: anyText.Draw(t, "programme"), CaseType: anyText.Draw(t, "type"),
			OpenedOn: anyDay.Draw(t, "opened"), ClosedOn: anyDay.Draw(t, "closed"), Reason: anyText.Draw(t, "reason"),
			Contacts:   rapid.MapOfN(anyText, rapid.IntRange(-1, 20), 0, 4).Draw(t, "contacts"),
			PriorCases: rapid.IntRange(-1, 9).Draw(t, "prior"),
		})
		row := events.StatisticsRow{RecordID: uuid.NewString(), PersonPsn: "x", StatisticsFields: f}
		data, err := json.Marshal(row)
		if err != nil || contract.Validate(events.TypeStatisticsRow, data) != nil {
			t.Fatalf("%v: %s", err, data)
		}
		for _, code := range []string{f.Sex, f.AgeBand, f.County, f.SSYK, f.Programme, f.SpellBand, f.CaseType,
			f.ClosingReason, f.ContactsBand, f.ChannelMain, f.PriorCases5Y, f.SourceCompleteness} {
			if !allowed[code] {
				t.Fatalf("%q came through", code)
			}
		}
	})
}

func allCodes() map[string]bool {
	allowed := map[string]bool{}
	allow := func(all ...string) {
		for _, code := range all {
			allowed[code] = true
		}
	}
	for _, list := range []codes{caseTypes, reasons, programmes, channels} {
		allow(slices.Collect(maps.Values(list.of))...)
		allow(list.last)
	}
	allow(counties...)
	for tens := range 100 {
		allow(string([]byte{byte('0' + tens/10), byte('0' + tens%10)})) // SSYK, two digits
	}
	allow(strings.Fields("female male unknown * SE FI full partial none <20 20-24 25-29 30-34 35-39 40-44 45-49 50-54 55-59 60-64 >=65")...)
	allow(strings.Fields("<13 13-25 26-51 52-103 >=104 0 1-2 3-5 6-10 >10 1 2+")...)
	return allowed
}

func BenchmarkFields(b *testing.B) {
	c := berit()
	for b.Loop() {
		Fields(c)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
}
