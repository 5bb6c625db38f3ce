package cli

import (
	"fmt"

	"gallra.se/libs/policy"
)

type policyLintCommand struct {
	Dir string `arg:"" optional:"" help:"A folder per authority, or the files of one. Without it the built-in packs." placeholder:"DIR"`
}

func (policyLintCommand) Help() string {
	return `Prints every fault with file, line and column. Exit status 1 when there is one.

  gallra policy lint
  gallra policy lint packs/te-services`
}

func (c policyLintCommand) Run(t terminal) error {
	dir, texts, err := c.texts()
	if err != nil {
		return err
	}
	n := 0
	for _, text := range texts {
		pack, err := text.Parse()
		if err == nil {
			fmt.Fprintf(t.Out, "%s %s: sound\n", pack.Authority, pack.Version)
			continue
		}
		for _, fault := range faultsIn(dir, text, err) {
			fmt.Fprintln(t.Out, fault)
			n++
		}
	}
	switch n {
	case 0:
		return nil
	case 1:
		return fmt.Errorf("1 fault")
	default:
		return fmt.Errorf("%d faults", n)
	}
}

func (c policyLintCommand) texts() (dir string, texts []policy.Text, err error) {
	if c.Dir == "" {
		texts, err = policy.Texts(policy.Packs(), "packs")
		return "", texts, err
	}
	texts, err = readPacks(c.Dir)
	return c.Dir, texts, err
}
