package policy

import (
	"time"

	"gallra.se/libs/calendar"
)

// pack builds what the lint has found sound.
func (d *document) pack() *Pack {
	p := &Pack{
		Authority:    d.Authority,
		Country:      d.Country,
		Zone:         d.Zone.Location,
		Controller:   d.Controller,
		Contact:      d.Contact.contact(),
		Supervisor:   Supervisor{d.Supervision.Requirement, Title(d.Supervision.Name), d.Supervision.Formerly},
		Notice:       Notice(d.Notice),
		Channels:     map[string]Channel{},
		Fields:       d.Fields,
		Registration: Registration(d.Registration),
		CaseTypes:    d.caseTypeNames(),
		CaseLimits:   CaseLimits{Rules: d.CaseLimits.Rules, Reason: d.CaseLimits.Reason.En, Why: Title(d.CaseLimits.Reason)},
		Bound:        StatutoryBound{d.StatutoryBound.Requirement, d.StatutoryBound.LegalSource, d.StatutoryBound.Years, d.StatutoryBound.CaseTypes},
		Recipients:   map[string]Recipient{},
		archive:      Archive{d.Archive.Requirement, d.Archive.Also, d.Archive.RuleReference, string(d.Archive.TransferAt)},
		erasure:      d.Erasure.erasure(),

		bases:           bases(d.LegalBasis),
		access:          d.access(),
		recording:       d.Recording.recording(),
		group:           Group{d.Group.Category, d.Group.Requirement, d.Group.Store},
		campaign:        d.Campaign.campaign(),
		plainMail:       d.PlainMail,
		feedRequirement: d.Feeds.Requirement,
		caseTypes:       d.caseTypes(),
		recruitment:     d.Recruitment.recruitment(),
		finance:         d.Finance.finance(),
		sensitive:       d.Sensitive,
		thirdParty:      d.ThirdParty,
		secrecy:         Secrecy{d.Secrecy.Requirement, Title(d.Secrecy.Rule)},
	}
	for _, v := range d.PolicyVersions {
		p.Versions, p.Version = append(p.Versions, Version{v.Version, v.ValidFrom}), v.Version
	}
	for _, c := range d.Channels {
		p.Channels[c.Name] = c.channel(p.bases)
	}
	for _, c := range d.Categories {
		p.Categories = append(p.Categories, Category{c.Name, c.Requirement, c.Review, c.Case, c.Purposes, c.PurposeRequirement})
	}
	for _, r := range d.Rules {
		p.Rules = append(p.Rules, d.rules(r)...)
	}
	for _, e := range d.Extensions {
		p.Extensions = append(p.Extensions, Extension{e.Requirement, e.Category, e.Rule, e.Until, e.Reasons, e.Single})
	}
	for _, l := range d.Deadlines {
		p.Deadlines = append(p.Deadlines, Deadline{l.ID, l.Requirement, l.Also, Title(l.Title), l.LegalSource, string(l.Event),
			l.Period.Period, l.Extension.Period, l.WorkingDays, d.Holidays.Holidays})
	}
	for _, r := range d.Recipients {
		p.Recipients[r.ID] = Recipient{r.ID, r.Name, r.Requirement, r.LegalSource, r.Country, r.Fields, r.Modes}
	}
	d.outside(p)
	return p
}

// outside adds whoever is outside and what is done for people.
func (d *document) outside(p *Pack) {
	for _, x := range d.Processors {
		p.processors = append(p.processors, x.processor())
	}
	for _, t := range d.ProcessorTerms {
		p.terms = append(p.terms, t.terms())
	}
	for _, f := range d.Feeds.Sources {
		p.feeds = append(p.feeds, Feed{f.Source, f.Requirement, f.Category, f.Fields})
	}
	for _, s := range d.Situations {
		p.situations = append(p.situations, s.situation())
	}
	for _, r := range d.Registers {
		p.registers = append(p.registers, Register{r.Name, r.Requirement, Title(r.Title), r.Categories})
	}
	for _, s := range d.Services {
		p.services = append(p.services, Service{s.Name, s.Requirement, Title(s.Title), s.LegalBasis, s.Fields, s.Recipients})
	}
}

// channel rests on the pack's laws where it names none of its own.
func (c channelDoc) channel(laws []Basis) Channel {
	basis := c.LegalBasis.bases()
	if !c.At.Said("legalBasis") {
		basis = Bases{laws, laws}
	}
	return Channel{
		Name:          c.Name,
		Requirement:   c.Requirement,
		Category:      c.Category,
		Rule:          c.Rule,
		Trigger:       c.Trigger,
		Store:         Fields(c.Store),
		Required:      Fields(c.Required),
		Facts:         c.Facts,
		StoresNothing: c.StoresNothing,
		IdleTimeout:   time.Duration(c.IdleTimeout),
		Counter:       c.Counter,
		LegalBasis:    basis,
		Sources:       c.Sources,
		Consent:       c.Consent,
		Unlinked:      c.Unlinked,
		Service:       c.Service,
		Document:      Document{c.Document.Category, c.Document.Fields},
	}
}

// rules spreads a rule over what it applies to and over its versions.
func (d *document) rules(r ruleDoc) []Rule {
	var all []Rule
	for _, a := range r.AppliesTo {
		for i, v := range r.Versions {
			rule := r.rule()
			rule.Category, rule.CaseTypes, rule.Trigger = a.Category, a.CaseTypes, a.Trigger
			rule.Stated = v.Period.given || rule.Effect == Preserve
			rule.Period, rule.Mode, rule.ValidFrom = v.Period.Period, v.Mode, v.ValidFrom
			if i+1 < len(r.Versions) {
				rule.ValidUntil = r.Versions[i+1].ValidFrom.AddDays(-1)
			}
			rule.PolicyVersion = d.versionFrom(v.ValidFrom)
			rule.zone = d.Zone.Location
			all = append(all, rule)
		}
	}
	return all
}

func (r ruleDoc) rule() Rule {
	effect := r.Effect
	if effect == "" {
		effect = Dispose
	}
	return Rule{
		ID:            r.ID,
		Requirement:   r.Requirement,
		Also:          r.Also,
		Title:         Title(r.Title),
		LegalSource:   r.LegalSource.En,
		Source:        Title(r.LegalSource),
		DisposalBasis: r.DisposalBasis,
		Effect:        effect,
		Floor:         r.Floor,
		Absolute:      r.Absolute,
		Assumed:       r.Assumed,
		Reason:        r.Reason.En,
		Why:           Title(r.Reason),
		Exceptions:    r.Exceptions,
		AwaitReceipts: r.AwaitReceipts,
	}
}

// versionFrom is the name of the pack's version that begins on that day, or "".
func (d *document) versionFrom(day calendar.Date) string {
	for _, v := range d.PolicyVersions {
		if v.ValidFrom == day {
			return v.Version
		}
	}
	return ""
}
