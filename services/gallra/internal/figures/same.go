package figures

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/importer"
)

// Same compares what the services say, which is the same however often an import was
// interrupted.
func Same(t testing.TB, want Expected, got importer.Result) {
	t.Helper()
	for name, pair := range map[string][2]any{
		"dropped":       {want.Dropped, got.Dropped},
		"stored":        {want.Stored, got.Stored},
		"disposed":      {want.Disposed, got.Disposed},
		"living":        {want.Living, got.Living},
		"statistics":    {want.Statistics, got.Statistics},
		"unlinkedNotes": {want.UnlinkedNotes, got.UnlinkedNotes},
		"disposedOn":    {want.DisposedOn, got.DisposedOn},
	} {
		if diff := cmp.Diff(pair[0], pair[1]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// SameSeen compares what an import saw that was not interrupted.
func SameSeen(t testing.TB, want Expected, got importer.Result) {
	t.Helper()
	if diff := cmp.Diff(want.Tally, *got.Tally); diff != "" {
		t.Errorf("what the import saw (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want.Snapshots, got.Snapshots); diff != "" {
		t.Errorf("snapshots (-want +got):\n%s", diff)
	}
}

// SameReceipts compares category, day and rule of every receipt with a list.
func SameReceipts(t testing.TB, api *client.Client, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSpace(string(text)), "\n")
	slices.Sort(want)
	disposals, err := importer.Disposals(t.Context(), api)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, disposals.Lines()); diff != "" {
		t.Errorf("receipts (-want +got):\n%s", diff)
	}
}
