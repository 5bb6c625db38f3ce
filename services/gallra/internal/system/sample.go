package system

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"gallra.se/libs/clock"
	"gallra.se/services/gallra/internal/importer"
	"gallra.se/services/gallra/internal/sample"
)

// importSample hands in the sample journal once in the life of a data directory.
func (s *system) importSample(ctx context.Context) error {
	if s.Sample == "" || s.Clock.Simulated {
		return nil
	}
	done := filepath.Join(s.layout.Dir, "sample-imported")
	if _, err := os.Stat(done); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := os.Open(s.Sample)
	if err != nil {
		return fmt.Errorf("open sample: %w", err)
	}
	defer file.Close()
	journal, lines, err := sample.Recent(file, clock.PaceNow())
	if err != nil {
		return fmt.Errorf("read sample: %w", err)
	}
	api, err := s.place().Client()
	if err != nil {
		return err
	}
	bar := importer.NewBar(s.Err, lines)
	tally, err := (&importer.Stream{Client: api, Progress: bar}).Run(ctx, journal)
	if err != nil {
		return fmt.Errorf("import sample: %w", err)
	}
	bar.Done()
	fmt.Fprintf(s.Out, "a week of sample contacts is in: %d lines accepted, %d refused (--empty leaves it out)\n", tally.Accepted+tally.Duplicates, tally.Refused)
	return os.WriteFile(done, nil, 0o600)
}
