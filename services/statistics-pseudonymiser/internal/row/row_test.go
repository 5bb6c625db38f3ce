package row_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/events/contract"
	"gallra.se/libs/calendar"
	"gallra.se/services/statistics-pseudonymiser/internal/row"
)

var fields = events.StatisticsFields{Sex: "female", AgeBand: "30-34", County: "01", SSYK: "25", ClosedQuarter: "2024Q1",
	Programme: "none", SpellBand: "26-51", CaseType: "job-seeking", ClosingReason: "got-work", ContactsBand: "3-5",
	ChannelMain: "phone", PriorCases5Y: "1", ImputedFlags: []string{}, SourceCompleteness: "full"}

func linked(t *testing.T) row.Row {
	t.Helper()
	r, err := row.Record(uuid.New(), "arbetsformedlingen", 2024, "P", []byte("mac"), fields)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestASeparatedRowHasNothingToBeFoundBy(t *testing.T) {
	t.Parallel()
	on, due := calendar.MustDate("2026-06-01"), time.Date(2036, 5, 31, 22, 0, 0, 0, time.UTC)
	r := linked(t).Separate("Q", on, due)
	if r.State != row.Separated || r.MAC != nil || r.P != "Q" || r.SeparatedOn != on || !r.DueAt.Equal(due) || r.Revision != 2 {
		t.Fatalf("%+v", r)
	}
	if again := r.Separate("R", on.AddDays(1), due); again.P != "Q" || again.Revision != 2 {
		t.Fatal("separated twice")
	}
	if _, changed := r.Correct(events.StatisticsFields{}); changed {
		t.Fatal("corrected after separation")
	}
}

func TestACorrectionIsANewRevisionOnlyIfSomethingIsDifferent(t *testing.T) {
	t.Parallel()
	other := fields
	other.ContactsBand = ">10"
	r, changed := linked(t).Correct(other)
	if !changed || r.Revision != 2 || r.Fields.ContactsBand != ">10" {
		t.Fatalf("%v %+v", changed, r)
	}
	if _, changed := r.Correct(other); changed {
		t.Fatal("the same is a change")
	}
}

func TestARowOfAnotherYearIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := row.Record(uuid.New(), "a", 2023, "P", nil, fields); err == nil {
		t.Fatal("accepted")
	}
}

func TestWhatIsPublishedKeepsTheContract(t *testing.T) {
	t.Parallel()
	data, err := json.Marshal(linked(t).Publication())
	if err != nil {
		t.Fatal(err)
	}
	if err := contract.Validate(events.TypeStatisticsRow, data); err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
}
