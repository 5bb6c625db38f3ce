package contact

import (
	"slices"
	"strings"

	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
)

// Channels whose lines mean more than their fields.
const (
	Feed         = "feed"          // data that somebody outside hands in (AFG-46)
	MailCampaign = "mail-campaign" // an own mailing was opened or clicked in (AFG-31)
)

func (g Given) source() string {
	if g.Source == "" {
		return Subject
	}
	return g.Source
}

// unknownSource refuses what comes from somebody who is not on the channel's list, which is closed.
func (g Given) unknownSource(pack *policy.Pack, channel policy.Channel) error {
	allowed := channel.Sources
	if len(allowed) == 0 {
		allowed = []string{Subject}
	}
	known := slices.ContainsFunc(allowed, func(one string) bool {
		prefix, open := strings.CutSuffix(one, "*")
		return one == g.source() || open && strings.HasPrefix(g.source(), prefix) && len(g.source()) > len(prefix)
	})
	if _, fed := pack.Feed(g.source()); channel.Name == Feed {
		known = known && fed
	}
	if known {
		return nil
	}
	if rule := pack.FeedRequirement(); rule != "" {
		return problem.ByRule("denied", rule)
	}
	return problem.ByRule("denied", channel.Requirement)
}

// unknownService refuses a service that the authority does not have, or that the channel is not for (STH-07, STH-12).
func (g Given) unknownService(pack *policy.Pack, channel policy.Channel) error {
	if g.Service == "" {
		return nil
	}
	if _, known := pack.Service(g.Service); !known || channel.Service != "" && channel.Service != g.Service {
		return problem.OnField("invalid-field", "service")
	}
	return nil
}

// campaign is the mailing that a line of mail-campaign names: by its key, or as the second word of the text, as in
// "click june/1".
func (g Given) campaign() string {
	words := strings.Fields(g.Fields["text"])
	if g.Campaign != "" || len(words) < 2 {
		return g.Campaign
	}
	name, _, _ := strings.Cut(words[1], "/")
	return name
}

// unknownMailing refuses an opening or click that names no mailing at all (AFG-31); whether there was one, the campaigns know.
func (g Given) unknownMailing(channel policy.Channel) error {
	switch {
	case channel.Name == MailCampaign && g.campaign() == "":
		return problem.ByRule("denied", channel.Requirement)
	case channel.Name != MailCampaign && g.Campaign != "":
		return problem.OnField("invalid-field", "campaign")
	}
	return nil
}

// mayKeep is the whitelist of a line: its channel's, and of that what the service and the source have; what hangs on a
// consent only with it.
func (g Given) mayKeep(pack *policy.Pack, channel policy.Channel) func(field string) bool {
	service, limited := pack.Service(g.Service)
	feed, fed := pack.Feed(g.source())
	return func(field string) bool {
		switch {
		case !channel.MayStore(g.Identified, field),
			!g.Consent && slices.Contains(channel.Consent, field),
			limited && !slices.Contains(service.Fields, field):
			return false
		case fed && channel.Name == Feed:
			return field == nationalIDField || slices.Contains(feed.Fields, field)
		}
		return true
	}
}

// categoryOf is the channel's; a feed may have one of its own.
func (g Given) categoryOf(pack *policy.Pack, channel policy.Channel) string {
	if feed, fed := pack.Feed(g.source()); fed && channel.Name == Feed && feed.Category != "" {
		return feed.Category
	}
	return channel.Category
}

// laws are those that the contact rests on: the service's, where it names one that has its own, else the channel's.
func (c Contact) laws(pack *policy.Pack, channel policy.Channel) []string {
	if service, ok := pack.Service(c.Service); ok && len(service.LegalBasis) > 0 {
		return service.LegalBasis
	}
	return pack.BasesOn(channel, c.Identified, c.EndedOn)
}
