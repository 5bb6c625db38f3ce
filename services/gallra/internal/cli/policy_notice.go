package cli

import (
	"fmt"

	"gallra.se/libs/policy/notice"
)

type policyNoticeCommand struct {
	Authority string `arg:"" help:"Whose notice." placeholder:"AUTHORITY"`
	Lang      string `enum:"sv,en" required:"" help:"Language: ${enum}."`
}

func (policyNoticeCommand) Help() string {
	return `The notice as Markdown, from the built-in pack: what it says and what the system does cannot disagree.

  gallra policy notice arbetsformedlingen --lang sv
  gallra policy notice te-services --lang en`
}

func (c policyNoticeCommand) Run(t terminal) error {
	pack, err := builtIn(c.Authority)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(t.Out, notice.Markdown(pack, c.Lang))
	return err
}
