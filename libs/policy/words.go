package policy

import (
	"fmt"
	"time"

	"gallra.se/libs/calendar"
)

// wordsDoc is a text in the two languages, or one text for both.
type wordsDoc struct {
	En string `yaml:"en"`
	Sv string `yaml:"sv"`
}

func (w *wordsDoc) UnmarshalText(text []byte) error {
	w.En, w.Sv = string(text), string(text)
	return nil
}

func (w wordsDoc) said() bool { return w.En != "" && w.Sv != "" }

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

// holidays is the country whose public holidays move the authority's deadlines.
type holidays struct{ calendar.Holidays }

func (h *holidays) UnmarshalText(text []byte) error {
	switch string(text) {
	case "SE":
		h.Holidays = calendar.Sweden()
	case "FI":
		h.Holidays = calendar.Finland()
	default:
		return fmt.Errorf("unknown holidays %q: want SE or FI", text)
	}
	return nil
}

// span is a period as a pack may write it: besides what calendar reads "0 days", which is a number too ("no longer than the
// service needs it"). A period of null is said and is no span.
type span struct {
	calendar.Period
	given bool
}

func (s *span) UnmarshalText(text []byte) error {
	if string(text) == "0 days" {
		*s = span{given: true}
		return nil
	}
	s.given = true
	return s.Period.UnmarshalText(text)
}

// occasion is what an answer's deadline is counted from.
type occasion string

func (o *occasion) UnmarshalText(text []byte) error {
	switch read := string(text); read {
	case "request-received", "refusal-served":
		*o = occasion(read)
		return nil
	default:
		return fmt.Errorf("unknown event %q: want request-received or refusal-served", text)
	}
}

// transfer is when sealed documents go to the archive authority.
type transfer string

func (t *transfer) UnmarshalText(text []byte) error {
	switch read := string(text); read {
	case "statisticsEnd", "disposal":
		*t = transfer(read)
		return nil
	default:
		return fmt.Errorf("unknown transferAt %q: want statisticsEnd or disposal", text)
	}
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

// assignment is what it means not to be assigned to a case.
type assignment string

func (a *assignment) UnmarshalText(text []byte) error {
	switch read := string(text); read {
	case "flagged", "required":
		*a = assignment(read)
		return nil
	default:
		return fmt.Errorf("unknown assignment %q: want flagged or required", text)
	}
}

// persons is whom cases of a type are about.
type persons string

func (p *persons) UnmarshalText(text []byte) error {
	switch read := string(text); read {
	case "job-seekers", "applicants", "representatives", "customers":
		*p = persons(read)
		return nil
	default:
		return fmt.Errorf("unknown persons %q: want job-seekers, applicants, representatives or customers", text)
	}
}
