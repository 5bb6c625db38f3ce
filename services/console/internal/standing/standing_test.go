package standing_test

import (
	"testing"
	"time"

	"gallra.se/services/console/internal/standing"
)

func at(day int) time.Time { return time.Date(2025, 4, day, 12, 0, 0, 0, time.UTC) }

func TestTheHoldWhoseReviewIsNearestComesFirst(t *testing.T) {
	t.Parallel()
	holds := standing.Holds([]standing.Hold{{Hold: "later", ReviewAt: at(30)}, {Hold: "past", ReviewAt: at(10)}, {Hold: "now", ReviewAt: at(20)}}, at(20))
	if holds[0].Hold != "past" || !holds[0].Overdue || !holds[1].Overdue || holds[2].Overdue || standing.Overdue(holds) != 2 {
		t.Errorf("%+v", holds)
	}
}

func TestTheOldestAlarmAndTheFirstReviewComeFirst(t *testing.T) {
	t.Parallel()
	alarms := standing.Alarms([]standing.Alarm{{Name: "b", RaisedAt: at(2)}, {Name: "a", RaisedAt: at(1)}})
	reviews := standing.Reviews([]standing.Review{{Category: "x", FirstDue: "2025-06-01"}, {Category: "y", FirstDue: "2025-05-01"}})
	if alarms[0].Name != "a" || reviews[0].Category != "y" {
		t.Errorf("%+v %+v", alarms, reviews)
	}
}
