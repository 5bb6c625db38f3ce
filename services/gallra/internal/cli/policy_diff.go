package cli

import (
	"cmp"
	"fmt"
	"io"
	"text/tabwriter"

	"gallra.se/libs/policy"
)

type policyDiffCommand struct {
	asJSON
	Dir string `arg:"" help:"A folder per authority, or the files of one." placeholder:"DIR"`
}

func (policyDiffCommand) Help() string {
	return `What would be different from the built-in packs. The files are read strictly, and nothing runs.

  gallra policy diff packs
  gallra policy diff packs/arbetsformedlingen --json`
}

// packDiff is the differences of one authority's pack.
type packDiff struct {
	Authority string          `json:"authority"`
	From      string          `json:"from"` // version
	To        string          `json:"to"`
	Changes   []policy.Change `json:"changes"`
}

func (c policyDiffCommand) Run(t terminal) error {
	texts, err := readPacks(c.Dir)
	if err != nil {
		return err
	}
	diffs := []packDiff{}
	for _, text := range texts {
		pack, err := parsePack(c.Dir, text)
		if err != nil {
			return err
		}
		old, err := builtIn(pack.Authority)
		if err != nil {
			return err
		}
		diffs = append(diffs, packDiff{pack.Authority, old.Version, pack.Version, policy.Diff(old, pack)})
	}
	if c.JSON {
		return printJSON(t.Out, diffs)
	}
	for _, d := range diffs {
		if err := printDiff(t.Out, d); err != nil {
			return err
		}
	}
	return nil
}

func printDiff(w io.Writer, d packDiff) error {
	fmt.Fprintf(w, "%s: %d differences\n", d.Authority, len(d.Changes))
	return printChanges(w, d.Changes)
}

// printChanges is one line for each change, rules first.
func printChanges(w io.Writer, changes []policy.Change) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, c := range changes {
		what := c.Path
		if what == "" {
			what = c.Rule + " " + c.Category
		}
		from := ""
		if !c.ValidFrom.IsZero() {
			from = "from " + c.ValidFrom.String()
		}
		fmt.Fprintf(table, "  %s\t%s\t%s → %s\t%s\n", what, c.CaseType, cmp.Or(c.Was, "nothing"), cmp.Or(c.Becomes, "nothing"), from)
	}
	return table.Flush()
}
