package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"gallra.se/libs/calendar"
	"gallra.se/services/gallra/internal/amendment"
	"gallra.se/services/gallra/internal/client"
)

// policyChange is a changed pack: one in a directory, or the one in force with a new period for one rule.
type policyChange struct {
	target
	asJSON
	Dir       string `arg:"" optional:"" help:"The files of the changed pack." placeholder:"DIR"`
	Authority string `help:"Whose pack; by default that of DIR." placeholder:"NAME"`
	Rule      string `help:"Instead of DIR: the rule of the pack in force that gets a new period." placeholder:"ID"`
	Period    string `help:"With --rule: the new period, as \"14 days\" or \"3 months\"." placeholder:"PERIOD"`
	From      string `help:"With --rule: the first day on which it is in force." placeholder:"DATE"`
	Name      string `help:"With --rule: name of the new policy version; by default its first day." placeholder:"NAME"`
}

// change returns the authority and the files of the changed pack.
func (c policyChange) change(ctx context.Context, api *client.Client) (authority string, files map[string]string, err error) {
	switch {
	case (c.Dir == "") == (c.Rule == ""):
		return "", nil, errors.New("say what shall change: DIR with the changed pack, or --rule, --period, --from and --authority")
	case c.Rule != "":
		files, err = c.amended(ctx, api)
		return c.Authority, files, err
	}
	pack, err := readPack(c.Dir)
	if err != nil {
		return "", nil, err
	}
	if c.Authority != "" && c.Authority != pack.Authority {
		return "", nil, fmt.Errorf("%s is the pack of %s, not of %s", c.Dir, pack.Authority, c.Authority)
	}
	return pack.Authority, pack.Files(), nil
}

func (c policyChange) amended(ctx context.Context, api *client.Client) (map[string]string, error) {
	for name, value := range map[string]string{"authority": c.Authority, "period": c.Period, "from": c.From} {
		if value == "" {
			return nil, fmt.Errorf("with --rule give --%s too", name)
		}
	}
	from, err := calendar.ParseDate(c.From)
	if err != nil {
		return nil, fmt.Errorf("--from %s is no day: want 2026-01-31", c.From)
	}
	now, err := api.Policy(ctx, c.Authority)
	if err != nil {
		return nil, fmt.Errorf("ask for the policy of %s: %w", c.Authority, err)
	}
	name := c.Name
	if name == "" {
		name = from.String()
	}
	return amendment.Write(now.Files, amendment.Amendment{Name: name, Rule: c.Rule, Period: c.Period, From: from})
}

// again is how the same change is named on a command line.
func (c policyChange) again() string {
	if c.Rule == "" {
		return c.Dir
	}
	text := fmt.Sprintf("--authority %s --rule %s --period %q --from %s", c.Authority, c.Rule, c.Period, c.From)
	if c.Name != "" {
		text += " --name " + c.Name
	}
	return text
}

// policyRefused puts a refused pack's faults on lines of their own.
func policyRefused(err error) error {
	var refusal *client.Refusal
	if !errors.As(err, &refusal) {
		return err
	}
	switch refusal.Reason {
	case "policy-refused":
		return fmt.Errorf("the pack is refused, and nothing has changed:\n%s", refusal.Detail)
	case "plan-stale":
		return errors.New("the plan is not of this change on this day: look at it anew with `gallra policy plan`, and give its hash")
	}
	return err
}

type policyPlanCommand struct{ policyChange }

func (policyPlanCommand) Help() string {
	return `What a changed pack would do to the records that live now: how many would go earlier, later or at once, by category and
the month in which they would go. Nothing changes. The plan's hash is what ` + "`gallra policy activate`" + ` wants to see.

  gallra policy plan packs/arbetsformedlingen
  gallra policy plan --authority arbetsformedlingen --rule AFC-21 --period "14 days" --from 2026-07-01
  gallra policy plan packs/arbetsformedlingen --json | jq .totals`
}

func (c policyPlanCommand) Run(ctx context.Context, t terminal) error {
	api, err := c.client()
	if err != nil {
		return err
	}
	authority, files, err := c.change(ctx, api)
	if err != nil {
		return err
	}
	plan, err := api.PlanPolicy(ctx, authority, files)
	if err != nil {
		return policyRefused(err)
	}
	if c.JSON {
		return printJSON(t.Out, plan)
	}
	if err := printPlan(t.Out, plan); err != nil {
		return err
	}
	_, err = fmt.Fprintf(t.Out, "\nNothing has changed. To put it into force:\n  gallra policy activate %s --plan %s\n", c.again(), plan.Hash)
	return err
}

func printPlan(w io.Writer, p client.Plan) error {
	fmt.Fprintf(w, "%s: %s → %s\n", p.Authority, p.From, p.To)
	if err := printChanges(w, p.Changes); err != nil {
		return err
	}
	fmt.Fprintf(w, "\n%d living records: %d at once, %d earlier, %d later, %d unchanged\n", p.Totals.Living, p.Totals.AtOnce, p.Totals.Earlier, p.Totals.Later, p.Totals.Unchanged)
	highest := 0
	for _, m := range p.Moves {
		highest = max(highest, m.Moved())
	}
	if highest == 0 {
		return nil
	}
	fmt.Fprintln(w)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NEW MONTH\tCATEGORY\tRULE\tAT ONCE\tEARLIER\tLATER\t")
	for _, m := range slices.SortedStableFunc(slices.Values(p.Moves), func(a, b client.Move) int { return cmp.Compare(a.Month, b.Month) }) {
		if m.Moved() > 0 {
			fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%d\t%d\t%s\n", m.Month, m.Category, m.Rule, m.AtOnce, m.Earlier, m.Later, bar(m.Moved(), highest))
		}
	}
	return table.Flush()
}

const widestBar = 30

// bar is a number as a line; whatever is more than nothing shows.
func bar(n, highest int) string { return strings.Repeat("█", max((n*widestBar)/highest, 1)) }
