package policy

import (
	"gallra.se/libs/calendar"
	"gallra.se/libs/policy/internal/strict"
)

// document is a pack as it is written. Its files share these keys between them, each key in one file.
type document struct {
	At             strict.Place
	Authority      string          `yaml:"authority"`
	Country        string          `yaml:"country"`
	Zone           zone            `yaml:"zone"`
	Holidays       holidays        `yaml:"holidays"`
	Controller     string          `yaml:"controller"`
	Contact        contactDoc      `yaml:"contact"`
	Supervision    supervisionDoc  `yaml:"supervision"`
	PolicyVersions []policyDoc     `yaml:"policyVersions"`
	Notice         noticeDoc       `yaml:"notice"`
	LegalBasis     []basisDoc      `yaml:"legalBasis"`
	Fields         []string        `yaml:"fields"`
	ComputedFields []string        `yaml:"computedFields"`
	Channels       []channelDoc    `yaml:"channels"`
	Registration   registrationDoc `yaml:"registration"`
	CaseTypes      []caseTypeDoc   `yaml:"caseTypes"`
	Categories     []categoryDoc   `yaml:"categories"`
	Rules          []ruleDoc       `yaml:"rules"`
	CaseLimits     caseLimitsDoc   `yaml:"caseRetention"`
	StatutoryBound boundDoc        `yaml:"statutoryBound"`
	Extensions     []extensionDoc  `yaml:"extensions"`
	Deadlines      []deadlineDoc   `yaml:"deadlines"`
	Archive        archiveDoc      `yaml:"archive"`
	Erasure        erasureDoc      `yaml:"erasure"`
	Recipients     []recipientDoc  `yaml:"recipients"`
	Access         accessDoc       `yaml:"access"`
	Processors     []processorDoc  `yaml:"processors"`
	ProcessorTerms []termsDoc      `yaml:"processorTerms"`
	Recording      recordingDoc    `yaml:"recording"`
	Group          groupDoc        `yaml:"group"`
	Campaign       campaignDoc     `yaml:"campaign"`
	PlainMail      plainMailDoc    `yaml:"plainMail"`
	Feeds          feedsDoc        `yaml:"feeds"`
	Situations     []situationDoc  `yaml:"situations"`
	Sensitive      careDoc         `yaml:"sensitive"`
	ThirdParty     careDoc         `yaml:"thirdParty"`
	Recruitment    recruitmentDoc  `yaml:"recruitment"`
	Finance        financeDoc      `yaml:"finance"`
	Secrecy        secrecyDoc      `yaml:"secrecy"`
	Registers      []registerDoc   `yaml:"registers"`
	Services       []serviceDoc    `yaml:"services"`
}

type policyDoc struct {
	At        strict.Place
	Version   string        `yaml:"version"`
	ValidFrom calendar.Date `yaml:"validFrom"`
}

type noticeDoc struct {
	Version string `yaml:"version"`
	URL     string `yaml:"url"`
}

type supervisionDoc struct {
	At          strict.Place
	Requirement string   `yaml:"requirement"`
	Name        wordsDoc `yaml:"name"`
	Formerly    string   `yaml:"formerly"`
}

type fieldsDoc struct {
	Anonymous  []string `yaml:"anonymous"`
	Identified []string `yaml:"identified"`
}

type channelDoc struct {
	At            strict.Place
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
	LegalBasis    basesDoc  `yaml:"legalBasis"`
	Sources       []string  `yaml:"sources"`
	Consent       []string  `yaml:"consent"`
	Unlinked      bool      `yaml:"unlinked"`
	Service       string    `yaml:"service"`
	Document      keptDoc   `yaml:"document"`
}

type keptDoc struct {
	At       strict.Place
	Category string   `yaml:"category"`
	Fields   []string `yaml:"fields"`
}

type registrationDoc struct {
	Required []string `yaml:"required"`
	Store    []string `yaml:"store"`
}

type categoryDoc struct {
	At                 strict.Place
	Name               string   `yaml:"name"`
	Requirement        string   `yaml:"requirement"`
	Review             bool     `yaml:"review"`
	Case               bool     `yaml:"case"`
	Purposes           []string `yaml:"purposes"`
	PurposeRequirement string   `yaml:"purposeRequirement"`
}

type ruleDoc struct {
	At            strict.Place
	ID            string       `yaml:"id"`
	Requirement   string       `yaml:"requirement"`
	Also          []string     `yaml:"also"`
	Title         wordsDoc     `yaml:"title"`
	LegalSource   wordsDoc     `yaml:"legalSource"`
	DisposalBasis string       `yaml:"disposalBasis"`
	Effect        Effect       `yaml:"effect"`
	Floor         bool         `yaml:"floor"`
	Absolute      bool         `yaml:"absolute"`
	AppliesTo     []appliesDoc `yaml:"appliesTo"`
	Versions      []versionDoc `yaml:"versions"`
	Assumed       bool         `yaml:"assumed"`
	Reason        wordsDoc     `yaml:"reason"`
	Exceptions    []string     `yaml:"exceptions"`
	AwaitReceipts []string     `yaml:"awaitReceipts"`
}

type appliesDoc struct {
	At        strict.Place
	Category  string   `yaml:"category"`
	Trigger   Trigger  `yaml:"trigger"`
	CaseTypes []string `yaml:"caseTypes"`
}

type versionDoc struct {
	At         strict.Place
	ValidFrom  calendar.Date `yaml:"validFrom"`
	ValidUntil calendar.Date `yaml:"validUntil"`
	Period     span          `yaml:"period"`
	Mode       calendar.Mode `yaml:"mode"`
}

type caseLimitsDoc struct {
	At     strict.Place
	Rules  []string `yaml:"rules"`
	Reason wordsDoc `yaml:"reason"`
}

type boundDoc struct {
	At          strict.Place
	Requirement string   `yaml:"requirement"`
	LegalSource string   `yaml:"legalSource"`
	Years       int      `yaml:"years"`
	CaseTypes   []string `yaml:"caseTypes"`
}

type extensionDoc struct {
	At          strict.Place
	Requirement string   `yaml:"requirement"`
	Category    string   `yaml:"category"`
	Rule        string   `yaml:"rule"`
	Until       string   `yaml:"until"`
	Reasons     []string `yaml:"reasons"`
	Single      bool     `yaml:"single"`
}

type deadlineDoc struct {
	At          strict.Place
	ID          string   `yaml:"id"`
	Requirement string   `yaml:"requirement"`
	Also        []string `yaml:"also"`
	Title       wordsDoc `yaml:"title"`
	LegalSource string   `yaml:"legalSource"`
	Event       occasion `yaml:"event"`
	Period      span     `yaml:"period"`
	Extension   span     `yaml:"extension"`
	WorkingDays int      `yaml:"workingDays"`
}

type archiveDoc struct {
	At            strict.Place
	Requirement   string   `yaml:"requirement"`
	Also          []string `yaml:"also"`
	RuleReference string   `yaml:"ruleReference"`
	TransferAt    transfer `yaml:"transferAt"`
}

type recipientDoc struct {
	At          strict.Place
	ID          string   `yaml:"id"`
	Name        string   `yaml:"name"`
	Requirement string   `yaml:"requirement"`
	LegalSource string   `yaml:"legalSource"`
	Country     string   `yaml:"country"`
	Fields      []string `yaml:"fields"`
	Modes       []string `yaml:"modes"`
}
