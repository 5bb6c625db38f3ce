package contact

import (
	"time"

	"gallra.se/libs/policy"
)

// Record is what is kept of a contact, encrypted: all that a reader sees.
type Record struct {
	Channel    string            `json:"channel"`
	Identified bool              `json:"identified"`
	StartedAt  time.Time         `json:"startedAt,omitzero"`
	EndedAt    time.Time         `json:"endedAt"`
	Line       string            `json:"line,omitempty"`
	Fields     map[string]string `json:"fields"`
	Stored     []string          `json:"stored"`
	Dropped    []string          `json:"dropped"`
	Service    string            `json:"service,omitempty"`
	Campaign   string            `json:"campaign,omitempty"` // the own mailing that was opened or clicked in (AFG-31)
	Consent    bool              `json:"consent,omitempty"`  // the person agreed to what is kept (STH-11)
	Policy     string            `json:"policy"`
	Notice     Notice            `json:"notice"`
	Stamp
}

// Notice is the version that the person was pointed to (AFC-30).
type Notice struct {
	Version string `json:"version"`
	URL     string `json:"url"`
}

// Record is what is kept of c.
func (c Contact) Record() Record {
	return Record{Channel: c.Channel, Identified: c.Identified, StartedAt: c.StartedAt, EndedAt: c.EndedAt, Line: c.Line,
		Fields: c.Fields, Stored: c.Stored, Dropped: c.Dropped, Service: c.Service, Campaign: c.Campaign, Consent: c.Consent,
		Policy: c.Policy, Notice: noticeOf(c.Notice), Stamp: c.Stamp}
}

func noticeOf(n policy.Notice) Notice { return Notice{Version: n.Version, URL: n.URL} }
