package policy

import (
	"slices"

	"gallra.se/libs/policy/internal/strict"
)

// Contact is where the controller and its data protection officer are reached.
type Contact struct {
	Requirement                             string
	Address, Email, Phone                   string
	Officer                                 string // e-mail of the data protection officer or the contact person for register matters
	OfficerPhone, OfficerVisit, OfficerPost string
}

// Register is a store with clocks of its own that the notice names (KSC-04).
type Register struct {
	Name, Requirement string
	Title             Title
	Categories        []string
}

// Registers are those of the pack, in its order.
func (p *Pack) Registers() []Register { return slices.Clone(p.registers) }

// Secrecy is the rule by which data are kept secret from others (L-12, AFG-51, TES-04).
type Secrecy struct {
	Requirement string
	Rule        Title
}

// Secrecy is what the pack says of it.
func (p *Pack) Secrecy() Secrecy { return p.secrecy }

type secrecyDoc struct {
	At          strict.Place
	Requirement string   `yaml:"requirement"`
	Rule        wordsDoc `yaml:"rule"`
}

// Service is something that the authority does for people, with a notice of its own: what it collects, by which law, and who
// gets it (STH-07, STH-12, STH-16).
type Service struct {
	Name, Requirement string
	Title             Title
	LegalBasis        []string
	Fields            []string
	Recipients        []string // identifiers of recipients; empty: nobody
}

// Service is the service with that name.
func (p *Pack) Service(name string) (Service, bool) {
	i := slices.IndexFunc(p.services, func(s Service) bool { return s.Name == name })
	if i < 0 {
		return Service{}, false
	}
	return p.services[i], true
}

// Services are those of the pack, in its order.
func (p *Pack) Services() []Service { return slices.Clone(p.services) }

type contactDoc struct {
	At           strict.Place
	Requirement  string `yaml:"requirement"`
	Address      string `yaml:"address"`
	Email        string `yaml:"email"`
	Phone        string `yaml:"phone"`
	Officer      string `yaml:"dataProtectionOfficer"`
	OfficerPhone string `yaml:"officerPhone"`
	OfficerVisit string `yaml:"officerVisit"`
	OfficerPost  string `yaml:"officerPost"`
}

func (d contactDoc) contact() Contact {
	return Contact{d.Requirement, d.Address, d.Email, d.Phone, d.Officer, d.OfficerPhone, d.OfficerVisit, d.OfficerPost}
}

type registerDoc struct {
	At          strict.Place
	Name        string   `yaml:"name"`
	Requirement string   `yaml:"requirement"`
	Title       wordsDoc `yaml:"title"`
	Categories  []string `yaml:"categories"`
}

type serviceDoc struct {
	At          strict.Place
	Name        string   `yaml:"name"`
	Requirement string   `yaml:"requirement"`
	Title       wordsDoc `yaml:"title"`
	LegalBasis  []string `yaml:"legalBasis"`
	Fields      []string `yaml:"fields"`
	Recipients  []string `yaml:"recipients"`
}
