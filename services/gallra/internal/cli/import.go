package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"

	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/importer"
)

type importCommand struct {
	target
	asJSON
	File      string   `arg:"" type:"existingfile" help:"Journal: one JSON object a line."`
	Simulate  bool     `help:"Let the simulated clock follow the lines."`
	Until     string   `help:"With --simulate: run on to noon of this date." placeholder:"DATE"`
	Snapshots []string `help:"With --simulate: what was living and disposed of at noon of these dates." placeholder:"DATE,…"`
	Refused   string   `help:"Write line number, id and reason of each refused line here." placeholder:"FILE"`
	Via       string   `enum:"http,cloudevents,nats" default:"http" help:"How lines are handed in: http, cloudevents or nats."`
}

func (importCommand) Help() string {
	return `Prints what was accepted, refused and repeated, and with --simulate what the services answer at the end. The same import
again goes on where it was interrupted. While a part of the system is away it waits and tries again, for two minutes at
most. Exit status 3 says that some lines were refused.

  gallra import docs/examples/week.jsonl
  gallra import journal.jsonl --simulate --until 2040-12-31 --snapshots 2022-06-15,2023-06-30 --json`
}

func (c importCommand) Run(ctx context.Context, t terminal) error {
	if c.Simulate != (c.Until != "") {
		return fmt.Errorf("--simulate and --until DATE go together")
	}
	api, err := c.client()
	if err != nil {
		return err
	}
	patience := client.NewPatience(func(text string) { fmt.Fprintf(t.Err, "\n%s\n", text) })
	sender, done, err := c.sender(api.Patient(patience), patience)
	if err != nil {
		return err
	}
	defer done()
	journal, err := os.ReadFile(c.File)
	if err != nil {
		return fmt.Errorf("read journal: %w", err)
	}
	refused, closeRefused, err := c.refusedFile()
	if err != nil {
		return err
	}
	defer closeRefused()
	bar := importer.NewBar(t.Err, bytes.Count(journal, []byte{'\n'}))
	if c.Simulate {
		return c.simulated(ctx, t, api.Patient(patience), sender, journal, refused, bar)
	}
	return c.direct(ctx, t, importer.DirectConfig{Client: api, Patience: patience, Sender: sender, Stream: c.Via == "http", Refused: refused, Progress: bar}, journal, bar)
}

func (c importCommand) simulated(ctx context.Context, t terminal, api *client.Client, sender importer.Sender, journal []byte, refused io.Writer, bar *importer.Bar) error {
	run := importer.Simulation{Client: api, Sender: sender, Until: c.Until, Snapshots: c.Snapshots, Refused: refused, Progress: bar,
		Note: func(text string) { fmt.Fprintln(t.Err, text) }}
	result, err := run.Run(ctx, bytes.NewReader(journal))
	if err != nil {
		return err
	}
	bar.Done()
	if err := printResult(t.Out, c.JSON, result); err != nil {
		return err
	}
	return refusedLines(result.Tally)
}

func (c importCommand) direct(ctx context.Context, t terminal, config importer.DirectConfig, journal []byte, bar *importer.Bar) error {
	tally, err := importer.Direct(ctx, config, bytes.NewReader(journal))
	if err != nil {
		return err
	}
	bar.Done()
	if err := printTally(t.Out, c.JSON, tally); err != nil {
		return err
	}
	return refusedLines(tally)
}

func refusedLines(tally *importer.Tally) error {
	if tally.Refused > 0 {
		return fmt.Errorf("%d of %d: %w", tally.Refused, tally.Lines, errRefusedLines)
	}
	return nil
}

func (c importCommand) refusedFile() (io.Writer, func(), error) {
	if c.Refused == "" {
		return nil, func() {}, nil
	}
	file, err := os.OpenFile(c.Refused, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("open file for refused lines: %w", err)
	}
	return file, func() { file.Close() }, nil
}
