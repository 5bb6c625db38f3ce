package policy

import (
	"fmt"
	"time"

	"gallra.se/libs/calendar"
	"gallra.se/libs/policy/internal/strict"
)

// document is a pack as it is written. Its files share these keys between them, each key in one file.
type document struct {
	Authority      string          `yaml:"authority"`
	Country        string          `yaml:"country"`
	Zone           zone            `yaml:"zone"`
	Controller     string          `yaml:"controller"`
	Version        string          `yaml:"version"`
	Notice         noticeDoc       `yaml:"notice"`
	Fields         []string        `yaml:"fields"`
	ComputedFields []string        `yaml:"computedFields"`
	Channels       []channelDoc    `yaml:"channels"`
	Registration   registrationDoc `yaml:"registration"`
	CaseTypes      []string        `yaml:"caseTypes"`
	Categories     []categoryDoc   `yaml:"categories"`
	Rules          []ruleDoc       `yaml:"rules"`
	CaseLimits     caseLimitsDoc   `yaml:"caseRetention"`
	StatutoryBound boundDoc        `yaml:"statutoryBound"`
	Recipients     []recipientDoc  `yaml:"recipients"`
}

type noticeDoc struct {
	Version string `yaml:"version"`
	URL     string `yaml:"url"`
}

type fieldsDoc struct {
	Anonymous  []string `yaml:"anonymous"`
	Identified []string `yaml:"identified"`
}

type channelDoc struct {
	At            strict.Pos
	Name          string    `yaml:"name"`
	Requirement   string    `yaml:"requirement"`
	Category      string    `yaml:"category"`
	Rule          string    `yaml:"rule"`
	Trigger       Trigger   `yaml:"trigger"`
	Store         fieldsDoc `yaml:"store"`
	Required      fieldsDoc `yaml:"required"`
	Facts         []string  `yaml:"facts"`
	StoresNothing bool      `yaml:"storesNothing"`
	IdleTimeout   duration  `yaml:"idleTimeout"`
	Counter       string    `yaml:"counter"`
	LegalBasis    fieldsDoc `yaml:"legalBasis"`
}

type registrationDoc struct {
	Required []string `yaml:"required"`
	Store    []string `yaml:"store"`
}

type categoryDoc struct {
	At          strict.Pos
	Name        string `yaml:"name"`
	Requirement string `yaml:"requirement"`
}

type ruleDoc struct {
	At            strict.Pos
	ID            string       `yaml:"id"`
	Requirement   string       `yaml:"requirement"`
	Title         titleDoc     `yaml:"title"`
	LegalSource   string       `yaml:"legalSource"`
	DisposalBasis string       `yaml:"disposalBasis"`
	AppliesTo     []appliesDoc `yaml:"appliesTo"`
	Versions      []versionDoc `yaml:"versions"`
	Assumed       bool         `yaml:"assumed"`
	AwaitReceipts []string     `yaml:"awaitReceipts"`
}

type titleDoc struct {
	En string `yaml:"en"`
	Sv string `yaml:"sv"`
}

type appliesDoc struct {
	At       strict.Pos
	Category string  `yaml:"category"`
	Trigger  Trigger `yaml:"trigger"`
}

type versionDoc struct {
	At        strict.Pos
	ValidFrom calendar.Date   `yaml:"validFrom"`
	Period    calendar.Period `yaml:"period"`
	Mode      calendar.Mode   `yaml:"mode"`
}

type caseLimitsDoc struct {
	At     strict.Pos
	Rules  []string `yaml:"rules"`
	Reason string   `yaml:"reason"`
}

type boundDoc struct {
	At          strict.Pos
	Requirement string `yaml:"requirement"`
	LegalSource string `yaml:"legalSource"`
	Years       int    `yaml:"years"`
}

type recipientDoc struct {
	At          strict.Pos
	ID          string   `yaml:"id"`
	Name        string   `yaml:"name"`
	Requirement string   `yaml:"requirement"`
	LegalSource string   `yaml:"legalSource"`
	Country     string   `yaml:"country"`
	Fields      []string `yaml:"fields"`
	Modes       []string `yaml:"modes"`
}

// zone is the authority's time zone, from the tz database by name.
type zone struct{ *time.Location }

func (z *zone) UnmarshalText(text []byte) error {
	loc, err := time.LoadLocation(string(text))
	if err != nil || len(text) == 0 || string(text) == "Local" {
		return fmt.Errorf("unknown zone %q", text)
	}
	z.Location = loc
	return nil
}

// duration is a span of the day's clock, "15m"; never used for a retention period.
type duration time.Duration

func (d *duration) UnmarshalText(text []byte) error {
	read, err := time.ParseDuration(string(text))
	if err != nil || read <= 0 {
		return fmt.Errorf("want a duration above 0, as 15m, not %q", text)
	}
	*d = duration(read)
	return nil
}
