package e2e

import (
	"os"
	"strings"
	"testing"

	"gallra.se/services/gallra/internal/figures"
	"gallra.se/services/gallra/internal/importer"
)

// wholeJournal is set by `make journal-compose`: the whole takes too long for every run.
const wholeJournal = "GALLRA_E2E_JOURNAL"

// wholeReports is about how often an import of the whole journal reports progress.
const wholeReports = 6000

func TestTheWholeJournalOutlastsAKillOfEveryContainer(t *testing.T) {
	if os.Getenv(wholeJournal) == "" {
		t.Skip("takes long: make journal-compose runs it")
	}
	d := emptied(t, begin)
	d.doubled()
	want := expected(t, "journal")
	var list []blow
	for _, container := range d.lasting() {
		list = append(list, killed(container))
	}
	b := &blows{t: t, every: wholeReports / (len(list) + 1), list: list}
	took := stopwatch(t, "the import with a kill of every container")
	result, err := imported(t.Context(), d.patient(), "journal", nil, b)
	if err != nil {
		t.Fatal(err)
	}
	took()
	b.all()
	figures.Same(t, want, result)
	d.reconciles()

	took = stopwatch(t, "the same import again")
	if result, err = imported(t.Context(), d.patient(), "journal", nil, importer.Silent{}); err != nil {
		t.Fatal(err)
	}
	took()
	if result.Accepted > 0 {
		t.Errorf("the second import had %d lines accepted that the first has lost", result.Accepted)
	}
	figures.Same(t, want, result)
	figures.SameReceipts(t, d.api, journals+"journal.disposed.txt")
	d.shares(scaled)
	inOrder(t, d)
	d.reconciles()
}

// lasting are the containers that run for as long as the deployment does.
func (d deployment) lasting() []string {
	d.t.Helper()
	names := strings.Fields(d.compose("ps", "--format", "{{.Name}}"))
	if len(names) < 13 {
		d.t.Fatalf("only the containers %v run", names)
	}
	return names
}
