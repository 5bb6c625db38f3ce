package cli

import (
	"fmt"
	"text/tabwriter"

	"gallra.se/services/gallra/internal/credentials"
)

type connectListCommand struct{ connectTarget }

func (connectListCommand) Help() string {
	return "Prints the partners and what each was given.\n\n  gallra connect list"
}

func (c connectListCommand) Run(t terminal) error {
	desk, err := c.desk()
	if err != nil {
		return err
	}
	partners, err := desk.Folder.Partners()
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(t.Out, append([]credentials.Partner{}, partners...))
	}
	table := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NAME\tHANDS IN\tREADS")
	for _, p := range partners {
		fmt.Fprintf(table, "%s\t%s\t%s\n", p.Name, grantsText(p.Publish), grantsText(p.Subscribe))
	}
	return table.Flush()
}
