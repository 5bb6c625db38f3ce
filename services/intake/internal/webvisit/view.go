// Package webvisit turns a page view into figures that name nobody: how often a page was seen on a day, with what kind of
// browser and device, and how often a link on it was followed. The address is looked at by the sender's web server and
// never kept; nothing joins two views (AFG-36, STH-08). Whoever has not chosen all cookies leaves nothing (AFG-01).
package webvisit

import (
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"

	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
)

// ChannelName is the channel of a policy pack that the web site is.
const ChannelName = "web"

// Given is a view as a web server tells it.
type Given struct {
	Page         string   `json:"page"`
	IPAddress    *string  `json:"ipAddress"`
	BrowserType  *string  `json:"browserType"`
	DeviceType   *string  `json:"deviceType"`
	ClickedLinks []string `json:"clickedLinks"`
	Cookies      string   `json:"cookies"` // all, or necessary; absent: no choice was made
	At           string   `json:"at"`      // RFC 3339
}

// Read takes a body apart; it refuses with not-json, unknown-field or invalid-field.
func Read(body []byte) (g Given, err error) { return g, strict.Decode(body, &g) }

// Figure is one more of something on a civil day in the authority's zone.
type Figure struct {
	Day             calendar.Date
	What            string // Seen, Followed
	Page            string
	Browser, Device string // of closed lists
}

// What is counted.
const (
	Seen     = "seen"
	Followed = "followed"
)

// View is what of a view may exist.
type View struct {
	Figures         []Figure
	Stored, Dropped []string // names of what was given, the page apart
}

// mostLinks is how many followed links one view may tell of.
const mostLinks = 50

// Judge refuses what is impossible and returns what may be counted.
func (g Given) Judge(pack *policy.Pack, now time.Time) (View, error) {
	if _, ok := pack.Channels[ChannelName]; !ok {
		return View{}, problem.New("unknown-channel")
	}
	at, err := moment(g.At, now)
	if err != nil {
		return View{}, err
	}
	for _, check := range []func() error{
		func() error { return page("page", g.Page) },
		g.address,
		g.links,
		g.choice,
	} {
		if err := check(); err != nil {
			return View{}, err
		}
	}
	if g.Cookies != "all" {
		return View{Stored: []string{}, Dropped: g.names()}, nil
	}
	return g.count(calendar.DateOf(at, pack.Zone)), nil
}

func (g Given) count(day calendar.Date) View {
	v := View{Stored: []string{}, Dropped: []string{}}
	browser, device := kind(g.BrowserType, browsers), kind(g.DeviceType, devices)
	v.Figures = append(v.Figures, Figure{day, Seen, g.Page, browser, device})
	for _, link := range distinct(g.ClickedLinks) {
		v.Figures = append(v.Figures, Figure{day, Followed, link, browser, device})
	}
	for _, name := range g.names() {
		if name == "ipAddress" {
			v.Dropped = append(v.Dropped, name)
		} else {
			v.Stored = append(v.Stored, name)
		}
	}
	return v
}

// names of what was given beside the page.
func (g Given) names() []string {
	given := map[string]bool{"browserType": g.BrowserType != nil, "clickedLinks": g.ClickedLinks != nil,
		"deviceType": g.DeviceType != nil, "ipAddress": g.IPAddress != nil}
	names := []string{}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if given[name] {
			names = append(names, name)
		}
	}
	return names
}

// skew is how far a web server's clock may be ahead of ours.
const skew = 5 * time.Minute

func moment(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, problem.OnField("missing-field", "at")
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil || at.After(now.Add(skew)) || at.Year() < 1900 {
		return time.Time{}, problem.OnField("invalid-time", "at")
	}
	return at.UTC(), nil
}

var (
	path   = regexp.MustCompile(`^/[a-z0-9/-]{0,99}$`)
	number = regexp.MustCompile(`[0-9](?:[/-]?[0-9]){5}`) // as long as what names somebody
)

// page refuses what is no plain path: a query, a name or a number could say who it was.
func page(field, text string) error {
	if text == "" {
		return problem.OnField("missing-field", field)
	}
	if !path.MatchString(text) || number.MatchString(text) {
		return problem.OnField("invalid-field", field)
	}
	return nil
}

func (g Given) address() error {
	if g.IPAddress == nil {
		return nil
	}
	if _, err := netip.ParseAddr(*g.IPAddress); err != nil {
		return problem.OnField("invalid-field", "ipAddress")
	}
	return nil
}

func (g Given) links() error {
	if len(g.ClickedLinks) > mostLinks {
		return problem.OnField("too-large", "clickedLinks")
	}
	for _, link := range g.ClickedLinks {
		if page("clickedLinks", link) != nil {
			return problem.OnField("invalid-field", "clickedLinks")
		}
	}
	return nil
}

func (g Given) choice() error {
	if !slices.Contains([]string{"", "all", "necessary"}, g.Cookies) {
		return problem.OnField("invalid-field", "cookies")
	}
	return nil
}

// The kinds that are told apart, each with the word that its name, or the browser's own long one, has; the first counts.
var (
	browsers = [][2]string{{"edg", "edge"}, {"firefox", "firefox"}, {"opr", "other"}, {"chrom", "chrome"}, {"safari", "safari"}}
	devices  = [][2]string{{"tablet", "tablet"}, {"ipad", "tablet"}, {"mobile", "mobile"}, {"phone", "mobile"}, {"desktop", "desktop"}, {"computer", "desktop"}}
)

// kind is the word for what was given: "unknown" for nothing, "other" for what is not told apart.
func kind(given *string, kinds [][2]string) string {
	if given == nil || *given == "" {
		return "unknown"
	}
	text := strings.ToLower(*given)
	for _, k := range kinds {
		if strings.Contains(text, k[0]) {
			return k[1]
		}
	}
	return "other"
}

func distinct(in []string) []string {
	out := slices.Clone(in)
	slices.Sort(out)
	return slices.Compact(out)
}
