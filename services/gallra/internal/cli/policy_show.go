package cli

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"gallra.se/libs/policy"
)

type policyShowCommand struct {
	asJSON
	Authority string `arg:"" optional:"" help:"Only this authority's." placeholder:"AUTHORITY"`
	Rule      string `help:"Only this rule, with all that it says." placeholder:"ID"`
}

func (policyShowCommand) Help() string {
	return `One line for each rule, category and version.

  gallra policy show arbetsformedlingen
  gallra policy show arbetsformedlingen --rule AFC-13
  gallra policy show --json | jq '.[] | select(.assumed) | .rule'`
}

// shownRule is one rule for one category in one version.
type shownRule struct {
	Authority     string       `json:"authority"`
	Rule          string       `json:"rule"`
	Requirement   string       `json:"requirement"`
	Also          []string     `json:"also,omitempty"`
	Title         policy.Title `json:"title"`
	LegalSource   string       `json:"legalSource"`
	DisposalBasis string       `json:"disposalBasis"`
	Category      string       `json:"category"`
	CaseTypes     []string     `json:"caseTypes,omitempty"`
	Trigger       string       `json:"trigger,omitempty"`
	Effect        string       `json:"effect"`
	Period        string       `json:"period"` // "not stated", "" for what is preserved
	Mode          string       `json:"mode,omitempty"`
	ValidFrom     string       `json:"validFrom"`
	ValidUntil    string       `json:"validUntil,omitempty"`
	PolicyVersion string       `json:"policyVersion"`
	Floor         bool         `json:"floor,omitempty"`
	Absolute      bool         `json:"absolute,omitempty"`
	Assumed       bool         `json:"assumed,omitempty"`
	Reason        string       `json:"reason,omitempty"`
	Exceptions    []string     `json:"exceptions,omitempty"`
}

func (c policyShowCommand) Run(t terminal) error {
	rules, err := c.rules()
	switch {
	case err != nil:
		return err
	case c.JSON:
		return printJSON(t.Out, rules)
	case c.Rule != "":
		return printRule(t.Out, rules)
	default:
		return printRules(t.Out, rules)
	}
}

func (c policyShowCommand) rules() ([]shownRule, error) {
	authorities := policy.Default().Authorities()
	if c.Authority != "" {
		authorities = []string{c.Authority}
	}
	shown := []shownRule{}
	for _, authority := range authorities {
		pack, err := builtIn(authority)
		if err != nil {
			return nil, err
		}
		for _, r := range pack.Rules {
			if c.Rule == "" || r.ID == c.Rule {
				shown = append(shown, showRule(authority, r))
			}
		}
	}
	if len(shown) == 0 && c.Rule != "" {
		return nil, fmt.Errorf("no rule %s in the packs of %s", c.Rule, strings.Join(authorities, ", "))
	}
	return shown, nil
}

func showRule(authority string, r policy.Rule) shownRule {
	s := shownRule{Authority: authority, Rule: r.ID, Requirement: r.Requirement, Also: r.Also, Title: r.Title, LegalSource: r.LegalSource,
		DisposalBasis: r.DisposalBasis, Category: r.Category, CaseTypes: r.CaseTypes, Trigger: string(r.Trigger), Effect: string(r.Effect),
		Mode: string(r.Mode), ValidFrom: r.ValidFrom.String(), ValidUntil: r.ValidUntil.String(), PolicyVersion: r.PolicyVersion,
		Floor: r.Floor, Absolute: r.Absolute, Assumed: r.Assumed, Reason: r.Reason, Exceptions: r.Exceptions}
	switch {
	case r.Effect == policy.Preserve:
	case !r.Stated:
		s.Period = "not stated"
	default:
		s.Period = r.Period.String()
	}
	return s
}

func printRules(w io.Writer, rules []shownRule) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "AUTHORITY\tRULE\tCATEGORY\tCASE TYPES\tFROM THE DAY OF\tPERIOD\tVALID FROM\tMARKS")
	for _, r := range rules {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.Authority, r.Rule, r.Category, cmp.Or(strings.Join(r.CaseTypes, ","), "-"), cmp.Or(r.Trigger, "-"),
			strings.TrimSpace(cmp.Or(r.Period, "preserved")+" "+r.Mode), r.ValidFrom, cmp.Or(strings.Join(r.marks(), ","), "-"))
	}
	return table.Flush()
}

func (r shownRule) marks() (marks []string) {
	for _, m := range []struct {
		said bool
		word string
	}{{r.Effect == string(policy.Reuse), "reuse"}, {r.Floor, "floor"}, {r.Absolute, "absolute"}, {r.Assumed, "assumed"}, {r.ValidUntil != "", "replaced"}} {
		if m.said {
			marks = append(marks, m.word)
		}
	}
	return marks
}

// printRule tells all that a rule says, then the lines of its categories and versions.
func printRule(w io.Writer, rules []shownRule) error {
	for i, r := range rules {
		if i > 0 && rules[i-1].Authority == r.Authority {
			continue
		}
		for _, line := range [][2]string{{"rule", r.Rule + " of " + r.Authority}, {"title", r.Title.En}, {"title (sv)", r.Title.Sv},
			{"keeps", strings.Join(append([]string{r.Requirement}, r.Also...), ", ")}, {"source", r.LegalSource}, {"disposal basis", r.DisposalBasis},
			{"reason", r.Reason}, {"exceptions", strings.Join(r.Exceptions, ", ")}} {
			if line[1] != "" {
				fmt.Fprintf(w, "%-15s %s\n", line[0], line[1])
			}
		}
		fmt.Fprintln(w)
	}
	return printRules(w, rules)
}
