package cli

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"gallra.se/services/gallra/internal/importer"
)

func printTally(w io.Writer, asJSON bool, tally *importer.Tally) error {
	if asJSON {
		return printJSON(w, tally)
	}
	fmt.Fprintf(w, "lines %d: accepted %d, refused %d, duplicates %d\n", tally.Lines, tally.Accepted, tally.Refused, tally.Duplicates)
	for _, reason := range slices.Sorted(maps.Keys(tally.Refusals)) {
		fmt.Fprintf(w, "  refused as %s: %d\n", reason, tally.Refusals[reason])
	}
	return nil
}

func printResult(w io.Writer, asJSON bool, r importer.Result) error {
	if asJSON {
		return printJSON(w, r)
	}
	if err := printTally(w, false, r.Tally); err != nil {
		return err
	}
	fmt.Fprintf(w, "stored: %s\n", countsText(r.Stored))
	fmt.Fprintf(w, "dropped: %s\n", countsText(r.Dropped))
	fmt.Fprintf(w, "unlinked notes: %s\n", countsText(r.UnlinkedNotes))
	fmt.Fprintf(w, "disposed: %s\n", countsText(r.Disposed))
	fmt.Fprintf(w, "living: %s\n", countsText(r.Living))
	fmt.Fprintf(w, "statistics: separated %d, present %d, disposed %d\n", r.Statistics.Separated, r.Statistics.Present, r.Statistics.Disposed)
	for _, day := range slices.Sorted(maps.Keys(r.Snapshots)) {
		s := r.Snapshots[day]
		fmt.Fprintf(w, "%s: disposed %s; living %s\n", day, countsText(s.Disposed), countsText(s.Living))
	}
	_, err := fmt.Fprintf(w, "disposed on: %s\n", r.DisposedOn)
	return err
}
