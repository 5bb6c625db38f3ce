package policy

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"gallra.se/libs/calendar"
)

// Change is one difference between two packs of an authority: of a rule's period for a category and case type, or, where
// Path is set, of anything else.
type Change struct {
	Rule      string        `json:"rule,omitempty"`
	Category  string        `json:"category,omitempty"`
	CaseType  string        `json:"caseType,omitempty"` // empty: every case type that no other rule names
	Path      string        `json:"path,omitempty"`     // as recipients/SE-KFM/fields
	Was       string        `json:"was"`                // "15 months exact", "not stated", or "" for nothing
	Becomes   string        `json:"becomes"`
	ValidFrom calendar.Date `json:"validFrom,omitzero"` // of the new period
}

// Diff is what becomes different when new follows old, rules first.
func Diff(old, new *Pack) []Change {
	was, is := periods(old), periods(new)
	var changes []Change
	for _, key := range union(was.keys, is.keys) {
		if w, i := was.of[key], is.of[key]; w.text() != i.text() {
			changes = append(changes, Change{Rule: key.rule, Category: key.category, CaseType: key.caseType, Was: w.text(), Becomes: i.text(), ValidFrom: i.from()})
		}
	}
	return append(changes, others(old, new)...)
}

type periodKey struct {
	rule, category, caseType string
	trigger                  Trigger
}

type periodList struct {
	keys []periodKey
	of   map[periodKey]*Rule
}

// periods is the newest version of each rule for each category and case type.
func periods(p *Pack) periodList {
	list := periodList{of: map[periodKey]*Rule{}}
	for _, r := range p.Rules {
		if !r.ValidUntil.IsZero() {
			continue
		}
		types := r.CaseTypes
		if len(types) == 0 {
			types = []string{""}
		}
		for _, t := range types {
			key := periodKey{r.ID, r.Category, t, r.Trigger}
			list.keys, list.of[key] = append(list.keys, key), &r
		}
	}
	return list
}

func (r *Rule) text() string {
	switch {
	case r == nil:
		return ""
	case r.Effect == Preserve:
		return "preserved"
	case !r.Stated:
		return "not stated"
	}
	text := r.Period.String() + " " + string(r.Mode)
	if r.Effect == Reuse {
		text += " for use"
	}
	for _, mark := range []struct {
		said bool
		word string
	}{{r.Floor, "floor"}, {r.Absolute, "absolute"}, {r.Assumed, "assumed"}} {
		if mark.said {
			text += ", " + mark.word
		}
	}
	return text
}

func (r *Rule) from() calendar.Date {
	if r == nil {
		return calendar.Date{}
	}
	return r.ValidFrom
}

// others compares whatever is no period: names, channels, fields, recipients, deadlines, the text of rules.
func others(old, new *Pack) []Change {
	was, is := leaves(old), leaves(new)
	var changes []Change
	for _, path := range union(was.paths, is.paths) {
		if w, i := was.of[path], is.of[path]; w != i {
			changes = append(changes, Change{Path: path, Was: w, Becomes: i})
		}
	}
	return changes
}

type leafList struct {
	paths []string
	of    map[string]string
}

func (l *leafList) add(path, text string) {
	if text == "" {
		return
	}
	l.paths = append(l.paths, path)
	l.of[path] = text
}

func leaves(p *Pack) leafList {
	l := leafList{of: map[string]string{}}
	l.add("controller", p.Controller)
	l.add("country", p.Country)
	l.add("zone", p.Zone.String())
	l.fields("contact", reflect.ValueOf(p.Contact))
	l.fields("supervision", reflect.ValueOf(p.Supervisor))
	l.fields("notice", reflect.ValueOf(p.Notice))
	for _, v := range p.Versions {
		l.add("policyVersions/"+v.Name, v.ValidFrom.String())
	}
	l.add("fields", strings.Join(p.Fields, ", "))
	l.fields("registration", reflect.ValueOf(p.Registration))
	l.add("caseTypes", strings.Join(p.CaseTypes, ", "))
	for _, c := range p.Categories {
		l.fields("categories/"+c.Name, reflect.ValueOf(c))
	}
	for _, name := range sorted(p.Channels) {
		l.fields("channels/"+name, reflect.ValueOf(p.Channels[name]))
	}
	for _, name := range sorted(p.Recipients) {
		l.fields("recipients/"+name, reflect.ValueOf(p.Recipients[name]))
	}
	l.rules(p)
	l.fields("caseRetention", reflect.ValueOf(p.CaseLimits))
	l.fields("statutoryBound", reflect.ValueOf(p.Bound))
	for _, e := range p.Extensions {
		l.fields("extensions/"+e.Category, reflect.ValueOf(e))
	}
	for _, d := range p.Deadlines {
		l.fields("deadlines/"+d.ID, reflect.ValueOf(d))
	}
	l.fields("archive", reflect.ValueOf(p.archive))
	l.fields("erasure", reflect.ValueOf(p.erasure))
	l.sections(p)
	return l
}

// sections adds what a pack says of reading, of those outside and of services.
func (l *leafList) sections(p *Pack) {
	l.fields("access", reflect.ValueOf(p.access))
	for _, x := range p.processors {
		l.fields("processors/"+x.Name, reflect.ValueOf(x))
	}
	for _, t := range p.terms {
		l.fields("processorTerms/"+cmp.Or(t.Service, "general"), reflect.ValueOf(t))
	}
	l.fields("recording", reflect.ValueOf(p.recording))
	l.fields("group", reflect.ValueOf(p.group))
	l.fields("campaign", reflect.ValueOf(p.campaign))
	l.add("plainMail/requirement", p.plainMail.Requirement)
	l.fields("feeds", reflect.ValueOf(struct {
		Requirement string
		Sources     []Feed
	}{p.feedRequirement, p.feeds}))
	for _, s := range p.situations {
		l.fields("situations/"+s.Name, reflect.ValueOf(s))
	}
	for _, t := range p.caseTypes {
		l.fields("caseTypes/"+t.Name, reflect.ValueOf(t))
	}
	l.fields("recruitment", reflect.ValueOf(p.recruitment))
	l.fields("finance", reflect.ValueOf(p.finance))
	l.add("sensitive", strings.Join(p.sensitive.Fields, ", "))
	l.add("thirdParty", strings.Join(p.thirdParty.Fields, ", "))
	l.fields("secrecy", reflect.ValueOf(p.secrecy))
	for _, r := range p.registers {
		l.fields("registers/"+r.Name, reflect.ValueOf(r))
	}
	for _, s := range p.services {
		l.fields("services/"+s.Name, reflect.ValueOf(s))
	}
}

// rules adds each rule's words; its periods are compared by themselves.
func (l *leafList) rules(p *Pack) {
	var seen []string
	for _, r := range p.Rules {
		if r.ValidUntil.IsZero() && !slices.Contains(seen, r.ID) {
			seen = append(seen, r.ID)
			l.fields("rules/"+r.ID, reflect.ValueOf(struct {
				Title, Source, Why        Title
				DisposalBasis             string
				Also, Exceptions, Receipt []string
			}{r.Title, r.Source, r.Why, r.DisposalBasis, r.Also, r.Exceptions, r.AwaitReceipts}))
		}
	}
}

// fields adds a struct's exported fields by their names in the YAML: the Go name with a small first letter.
func (l *leafList) fields(path string, v reflect.Value) {
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		at, f := path+"/"+strings.ToLower(name[:1])+name[1:], v.Field(i)
		switch {
		case f.IsZero() || f.Kind() == reflect.Interface:
		case f.Type() == reflect.TypeFor[calendar.Period]():
			l.add(at, f.Interface().(calendar.Period).String())
		case f.Type() == reflect.TypeFor[calendar.Date]():
			l.add(at, f.Interface().(calendar.Date).String())
		case f.Kind() == reflect.Struct:
			l.fields(at, f)
		case f.Type() == reflect.TypeFor[[]string]():
			l.add(at, strings.Join(f.Interface().([]string), ", "))
		case f.Kind() == reflect.Slice:
			for i := range f.Len() {
				l.fields(at+"/"+nameOf(f.Index(i)), f.Index(i))
			}
		case f.Kind() == reflect.Map:
			for _, key := range sorted(f.Interface().(map[string]string)) {
				l.add(at+"/"+key, f.Interface().(map[string]string)[key])
			}
		default:
			l.add(at, fmt.Sprint(f.Interface()))
		}
	}
}

// nameOf is what an element of a list is told apart by: its first field.
func nameOf(v reflect.Value) string { return v.Field(0).String() }

func union[T comparable](a, b []T) []T {
	all := slices.Clone(a)
	for _, x := range b {
		if !slices.Contains(a, x) {
			all = append(all, x)
		}
	}
	return all
}

func sorted[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }
