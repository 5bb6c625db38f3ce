package e2e

import (
	"testing"

	"gallra.se/services/gallra/internal/assembly"
	"gallra.se/services/gallra/internal/figures"
)

// smallReports is about how often an import of the small journal reports progress: a few
// less, so that the last blow is struck.
const smallReports = 1200

// survives runs an import of the small journal through blows, and wants what comes out to
// be what comes out of a quiet one.
func survives(t *testing.T, d deployment, list []blow) {
	t.Helper()
	want := expected(t, "small")
	b := &blows{t: t, every: smallReports / (len(list) + 1), list: list}
	result, err := imported(t.Context(), d.patient(), "small", nil, b)
	if err != nil {
		t.Fatal(err)
	}
	b.all()
	figures.Same(t, want, result)
	d.reconciles()
}

func TestServersThatGoAwayAndComeBackLoseNothing(t *testing.T) {
	defer stopwatch(t, "all of it")()
	d := emptied(t, begin)
	survives(t, d, []blow{
		away("stop", "postgres"), away("kill", "nats"), away("kill", "postgres-keys"), away("stop", "nats"),
		away("kill", "postgres"), away("stop", "postgres-statistics"),
	})
}

func TestEveryContainerCanBeRestartedUnderLoad(t *testing.T) {
	defer stopwatch(t, "all of it")()
	d := emptied(t, begin)
	var list []blow
	for _, service := range append(assembly.Names(), "control", "gateway") {
		list = append(list, restarted(service))
	}
	survives(t, d, list)
}
