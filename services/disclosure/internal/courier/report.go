package courier

import (
	"context"
	"errors"

	"gallra.se/libs/clock"

	"gallra.se/services/disclosure/internal/caselinker"
)

// Reporting is the agenda's word, which adds whom a failing round waits for.
func Reporting(a *clock.Agenda) clock.Reporting { return report{a} }

type report struct{ *clock.Agenda }

func (r report) Report(ctx context.Context) (clock.State, error) {
	s, err := r.Agenda.Report(ctx)
	if errors.Is(r.Fault(), caselinker.ErrSilent) {
		s.WaitsFor = append(s.WaitsFor, "case-linker")
	}
	return s, err
}
