package policy

import (
	"slices"

	"gallra.se/libs/policy/internal/strict"
)

// Processor is somebody outside who processes data on the authority's behalf. The list is closed.
type Processor struct {
	Name, Requirement string
	Service           string   // what it does: recruitment, chat, analytics or recording
	Kinds             []string // kinds of data that it gets and hands in (AFG-44); empty: it sees none (AFC-23)
	Country           string   // ISO 3166-1 alpha-2, where it processes
	Dedicated         bool     // it runs for this authority alone (AFG-38)
	Secrecy           bool     // it is bound to secrecy (KSC-26)
	Onward            bool     // it may pass data on; the notices let nobody (AFG-45)
}

// Processor is the processor with that name.
func (p *Pack) Processor(name string) (Processor, bool) {
	i := slices.IndexFunc(p.processors, func(x Processor) bool { return x.Name == name })
	if i < 0 {
		return Processor{}, false
	}
	return p.processors[i], true
}

// Processors are those of the pack, in its order.
func (p *Pack) Processors() []Processor { return slices.Clone(p.processors) }

// ProcessorTerms are what a processor of a service must keep to be taken into use.
type ProcessorTerms struct {
	Service              string // empty: of every service that has no terms of its own
	Requirement          string // of the closed list of processors
	Secrecy              bool
	SecrecyRequirement   string
	Countries            []string // ISO 3166-1 alpha-2; empty: any
	CountryRequirement   string
	Dedicated            bool
	DedicatedRequirement string
}

// ProcessorTerms are the terms of the service, or the pack's general ones where it has none of its own.
func (p *Pack) ProcessorTerms(service string) ProcessorTerms {
	general := ProcessorTerms{}
	for _, t := range p.terms {
		switch t.Service {
		case service:
			return t
		case "":
			general = t
		}
	}
	return general
}

type processorDoc struct {
	At          strict.Place
	Name        string   `yaml:"name"`
	Requirement string   `yaml:"requirement"`
	Service     string   `yaml:"service"`
	Kinds       []string `yaml:"kinds"`
	Country     string   `yaml:"country"`
	Dedicated   bool     `yaml:"dedicated"`
	Secrecy     bool     `yaml:"secrecy"`
	Onward      bool     `yaml:"onward"`
}

func (d processorDoc) processor() Processor {
	return Processor{d.Name, d.Requirement, d.Service, d.Kinds, d.Country, d.Dedicated, d.Secrecy, d.Onward}
}

type termsDoc struct {
	At                   strict.Place
	Service              string   `yaml:"service"`
	Requirement          string   `yaml:"requirement"`
	Secrecy              bool     `yaml:"secrecy"`
	SecrecyRequirement   string   `yaml:"secrecyRequirement"`
	Countries            []string `yaml:"countries"`
	CountryRequirement   string   `yaml:"countryRequirement"`
	Dedicated            bool     `yaml:"dedicated"`
	DedicatedRequirement string   `yaml:"dedicatedRequirement"`
}

func (d termsDoc) terms() ProcessorTerms {
	return ProcessorTerms{d.Service, d.Requirement, d.Secrecy, d.SecrecyRequirement, d.Countries, d.CountryRequirement, d.Dedicated, d.DedicatedRequirement}
}
