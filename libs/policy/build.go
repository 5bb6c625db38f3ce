package policy

import "time"

// pack builds what the lint has found sound.
func (d *document) pack() *Pack {
	p := &Pack{
		Authority:    d.Authority,
		Country:      d.Country,
		Zone:         d.Zone.Location,
		Controller:   d.Controller,
		Version:      d.Version,
		Notice:       Notice(d.Notice),
		Channels:     map[string]Channel{},
		Fields:       d.Fields,
		Registration: Registration(d.Registration),
		CaseTypes:    d.CaseTypes,
		CaseLimits:   CaseLimits{Rules: d.CaseLimits.Rules, Reason: d.CaseLimits.Reason},
		Bound:        StatutoryBound{d.StatutoryBound.Requirement, d.StatutoryBound.LegalSource, d.StatutoryBound.Years},
		Recipients:   map[string]Recipient{},
	}
	for _, c := range d.Channels {
		p.Channels[c.Name] = c.channel()
	}
	for _, c := range d.Categories {
		p.Categories = append(p.Categories, Category{Name: c.Name, Requirement: c.Requirement})
	}
	for _, r := range d.Rules {
		p.Rules = append(p.Rules, r.rules(d.Zone.Location)...)
	}
	for _, r := range d.Recipients {
		p.Recipients[r.ID] = Recipient{r.ID, r.Name, r.Requirement, r.LegalSource, r.Country, r.Fields, r.Modes}
	}
	return p
}

func (c channelDoc) channel() Channel {
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
		LegalBasis:    Fields(c.LegalBasis),
	}
}

// rules spreads a rule over the categories it applies to and over its versions.
func (r ruleDoc) rules(zone *time.Location) []Rule {
	var all []Rule
	for _, a := range r.AppliesTo {
		for _, v := range r.Versions {
			all = append(all, Rule{
				ID:            r.ID,
				Requirement:   r.Requirement,
				Title:         Title(r.Title),
				LegalSource:   r.LegalSource,
				DisposalBasis: r.DisposalBasis,
				Category:      a.Category,
				Trigger:       a.Trigger,
				Period:        v.Period,
				Mode:          v.Mode,
				ValidFrom:     v.ValidFrom,
				Assumed:       r.Assumed,
				AwaitReceipts: r.AwaitReceipts,
				zone:          zone,
			})
		}
	}
	return all
}
