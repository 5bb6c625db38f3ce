package policy

import (
	"slices"

	"gallra.se/libs/policy/internal/strict"
)

// Feed is somebody outside who hands data in, and the fields that are taken from it (AFG-46). The list is closed.
type Feed struct {
	Source      string // who; "SE-LEV-*" is everybody whose identifier begins so
	Requirement string
	Category    string
	Fields      []string // whatever else it sends is dropped
}

// Feed is the feed that the source belongs to.
func (p *Pack) Feed(source string) (Feed, bool) {
	i := slices.IndexFunc(p.feeds, func(f Feed) bool { return matches(f.Source, source) })
	if i < 0 {
		return Feed{}, false
	}
	return p.feeds[i], true
}

// Feeds are those of the pack, in its order.
func (p *Pack) Feeds() []Feed { return slices.Clone(p.feeds) }

// FeedRequirement is what refuses a source that is not on the list.
func (p *Pack) FeedRequirement() string { return p.feedRequirement }

type feedsDoc struct {
	At          strict.Place
	Requirement string    `yaml:"requirement"`
	Sources     []feedDoc `yaml:"sources"`
}

type feedDoc struct {
	At          strict.Place
	Source      string   `yaml:"source"`
	Requirement string   `yaml:"requirement"`
	Category    string   `yaml:"category"`
	Fields      []string `yaml:"fields"`
}
