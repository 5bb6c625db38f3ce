package duecalendar_test

import (
	"testing"

	"gallra.se/services/console/internal/duecalendar"
)

func TestEachCategoryHasAColumnForEachOfTheMonths(t *testing.T) {
	t.Parallel()
	c := duecalendar.Build([]string{"af", "te"}, []duecalendar.Line{
		{Authority: "af", Month: "2026-03", Category: "case.note", Rule: "AFC-13", Records: 7, Units: 2},
		{Authority: "af", Month: "2025-05", Category: "case.note", Rule: "AFG-53", Records: 2, Units: 1},
		{Authority: "af", Month: "2026-03", Category: "case.note", Rule: "AFG-53", Records: 3, Units: 1},
		{Authority: "af", Month: "2025-05", Category: "contact.chat", Rule: "AFC-21", Records: 40, Units: 40},
		{Authority: "elsewhere", Month: "2025-06", Category: "case.file", Rule: "X", Records: 1, Units: 1},
	}, "2025-04")
	if len(c) != 3 || c[0].Records != 52 || len(c[1].Categories) != 0 || c[2].Name != "elsewhere" {
		t.Fatalf("%+v", c)
	}
	notes := c[0].Categories[0]
	if notes.Name != "case.note" || notes.Records != 12 || len(notes.Chart.Columns) != duecalendar.Months || notes.Chart.Highest != 10 {
		t.Errorf("%+v", notes)
	}
	if column := notes.Chart.Columns[1]; column.Month.Month != "2025-05" || column.Total() != 2 {
		t.Errorf("%+v", column)
	}
	if first := c[0].Lines[0]; first.Month != "2025-05" || first.Category != "case.note" {
		t.Errorf("%+v", first)
	}
}
