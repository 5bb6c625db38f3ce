package cli

import (
	"context"
	"errors"
	"fmt"

	"gallra.se/services/gallra/internal/scenario"
)

type scenarioRunCommand struct {
	asJSON
	Files    []string `arg:"" type:"existingfile" help:"Scenario files."`
	URL      string   `env:"GALLRA_URL" help:"Run on this simulated system, one file after another, instead of on one of their own each. Each file empties it."`
	CA       string   `name:"ca" type:"existingfile" env:"GALLRA_CA" help:"With --url: CA behind an https:// address; by default that of the system on this machine." placeholder:"FILE"`
	Keep     bool     `help:"Leave the data for inspection."`
	Parallel int      `default:"2" help:"How many files run at a time, each on a system of its own."`
}

func (scenarioRunCommand) Help() string {
	return `Every file is read, strictly, before anything runs. Without --url each gets a system of its own in a temporary directory.
With --url all run on one system, whose clock must be simulated: each file EMPTIES it first, of everything that it holds.
Exit status 0 only when none failed.

  gallra scenario run scenarios/SC-01-anonymous-call.yaml
  gallra scenario run --json scenarios/*.yaml
  gallra scenario run --url http://127.0.0.1:9000 scenarios/*.yaml`
}

func (c scenarioRunCommand) Run(ctx context.Context, t terminal) error {
	var files []*scenario.File
	for _, path := range c.Files {
		file, err := scenario.Load(path)
		if err != nil {
			return err
		}
		files = append(files, file)
	}
	trouble := func(file *scenario.File, err error) { fmt.Fprintf(t.Err, "%s: %v\n", file.Path, err) }
	parallel := c.Parallel
	if c.URL != "" {
		parallel = 1
	}
	result := scenario.All(ctx, files, parallel, c.bench(t), &scenario.Lines{W: t.Out, JSON: c.JSON}, trouble)
	if c.JSON {
		if err := printJSON(t.Out, result); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(t.Out, "%d passed, %d failed, %d skipped\n", result.Passed, result.Failed, result.Skipped)
	}
	if result.Failed > 0 {
		return errors.New("not every scenario passed")
	}
	return nil
}

func (c scenarioRunCommand) bench(t terminal) func(context.Context, *scenario.File) (scenario.Bench, error) {
	return func(ctx context.Context, file *scenario.File) (scenario.Bench, error) {
		if c.URL != "" {
			return scenario.Standing(ctx, c.URL, c.CA, file)
		}
		bench, err := scenario.Own(ctx, file, c.Keep)
		if place, ok := bench.(interface{ Dir() string }); ok && err == nil && c.Keep {
			fmt.Fprintf(t.Err, "%s: data stays in %s\n", file.ID, place.Dir())
		}
		return bench, err
	}
}
