package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"gallra.se/libs/policy"
	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/importer"
	"gallra.se/services/gallra/internal/launch"
	"gallra.se/services/gallra/internal/promise"
)

type demoCommand struct {
	Journal string `arg:"" type:"existingfile" help:"Journal to run."`
	Until   string `default:"2036-12-31" help:"Where the fifteen years end." placeholder:"DATE"`
	Start   string `default:"2021-01-01" help:"Where they begin." placeholder:"DATE"`
	Keep    bool   `help:"Leave the data for inspection."`
}

func (demoCommand) Help() string {
	return `Starts a system of its own in a temporary directory, lets the simulated clock follow the journal, runs on, and prints
what the promise board says at the end.

  gallra demo scenarios/journal/small.jsonl`
}

func (c demoCommand) Run(ctx context.Context, t terminal) error {
	dir, err := os.MkdirTemp("", "gallra-demo-")
	if err != nil {
		return fmt.Errorf("make a directory for the demonstration: %w", err)
	}
	if c.Keep {
		fmt.Fprintln(t.Err, "the data stays in", dir)
	} else {
		defer os.RemoveAll(dir)
	}
	fmt.Fprintln(t.Err, "starting a system in", dir)
	up, err := launch.Start(ctx, launch.Options{Dir: filepath.Join(dir, "data"), Args: []string{"--clock", "simulated=" + c.Start}})
	if err != nil {
		return err
	}
	defer up.Stop()
	api, err := up.Client()
	if err != nil {
		return err
	}
	if err := c.live(ctx, t, api); err != nil {
		return err
	}
	promises, err := promise.Ask(ctx, api, policy.Default().Authorities())
	if err != nil {
		return err
	}
	return promise.Print(t.Out, promises)
}

func (c demoCommand) live(ctx context.Context, t terminal, api *client.Client) error {
	journal, err := os.Open(c.Journal)
	if err != nil {
		return fmt.Errorf("open journal: %w", err)
	}
	defer journal.Close()
	lines, err := countLines(c.Journal)
	if err != nil {
		return err
	}
	bar := importer.NewBar(t.Err, lines)
	run := importer.Simulation{Client: api, Sender: importer.HTTP{Client: api}, Until: c.Until, Progress: bar, Note: func(string) {}}
	result, err := run.Run(ctx, journal)
	if err != nil {
		return err
	}
	bar.Done()
	return printResult(t.Out, false, result)
}
