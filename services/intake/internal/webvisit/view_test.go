package webvisit

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
)

var now = time.Date(2024, 5, 10, 22, 30, 0, 0, time.UTC) // the 11th in Stockholm

func pack(t testing.TB, authority string) *policy.Pack {
	t.Helper()
	packs, err := policy.Load(policy.Packs())
	if err != nil {
		t.Fatal(err)
	}
	p, ok := packs.Pack(authority)
	if !ok {
		t.Fatal(authority)
	}
	return p
}

const whole = `{"page":"/jobb/lediga-jobb","ipAddress":"192.0.2.51","browserType":"Mozilla/5.0 (X11) Gecko/20100101 Firefox/126.0",
	"deviceType":"iPhone","clickedLinks":["/kontakt","/kontakt","/a-b/2"],"cookies":"all","at":"2024-05-11T00:20:00+02:00"}`

// AFG-01, AFG-35, AFG-36, STH-08
func TestOnlyFiguresAreLeftOfAViewAndNoneWithoutAChoiceForAllCookies(t *testing.T) {
	t.Parallel()
	for _, authority := range []string{"arbetsformedlingen", "stockholm-labour-market-board"} {
		g, err := Read([]byte(whole))
		if err != nil {
			t.Fatal(err)
		}
		v, err := g.Judge(pack(t, authority), now)
		if err != nil || len(v.Figures) != 3 || !slices.Equal(v.Dropped, []string{"ipAddress"}) || !slices.Equal(v.Stored, []string{"browserType", "clickedLinks", "deviceType"}) {
			t.Fatalf("%+v %v", v, err)
		}
		first := v.Figures[0]
		if first.Day.String() != "2024-05-11" || first.What != Seen || first.Page != "/jobb/lediga-jobb" || first.Browser != "firefox" || first.Device != "mobile" {
			t.Errorf("%+v", first)
		}
		for _, choice := range []string{"", "necessary"} {
			g.Cookies = choice
			v, err := g.Judge(pack(t, authority), now)
			if err != nil || len(v.Figures) != 0 || len(v.Stored) != 0 || len(v.Dropped) != 4 {
				t.Errorf("%q: %+v %v", choice, v, err)
			}
		}
	}
}

func TestWhatCouldNameSomebodyIsRefusedInAPageAndALink(t *testing.T) {
	t.Parallel()
	p := pack(t, "arbetsformedlingen")
	for old, change := range map[string]string{
		`/jobb/lediga-jobb"`:               `/sok?q=disa"|invalid-field (page)`,
		`"page":"/jobb`:                    `"page":"jobb|invalid-field (page)`,
		`/lediga-jobb",`:                   `/Disa",|invalid-field (page)`,
		`lediga-jobb"`:                     `197602102381"|invalid-field (page)`,
		`/jobb/`:                           `/760210-23/81/|invalid-field (page)`,
		`"page":"/jobb/lediga-jobb`:        `"page":"/` + strings.Repeat("a", 100) + `|invalid-field (page)`,
		`/a-b/2`:                           `/disa@example.se|invalid-field (clickedLinks)`,
		`"192.0.2.51"`:                     `"Disa Kanariefem"|invalid-field (ipAddress)`,
		`"cookies":"all"`:                  `"cookies":"some"|invalid-field (cookies)`,
		`"cookies":"all",`:                 `"cookies":true,|invalid-field (cookies)`,
		`,"at":`:                           `,"session":"s1","at":|unknown-field (session)`,
		`"at":"2024-05-11T00:20:00`:        `"at":"2024-05-11T01:20:00|invalid-time (at)`,
		`"2024-05-11T00:20:00+02:00"`:      `"today"|invalid-time (at)`,
		`"at":"2024-05-11T00:20:00+02:00"`: `"at":""|missing-field (at)`,
		`["/kontakt",`:                     `["/kontakt",` + strings.Repeat(`"/x",`, 60) + `|too-large (clickedLinks)`,
		`}`:                                `|not-json`,
	} {
		new, want, _ := strings.Cut(change, "|")
		text := strings.Replace(whole, old, new, 1)
		if text == whole {
			t.Fatalf("%q is not there", old)
		}
		g, err := Read([]byte(text))
		if err == nil {
			_, err = g.Judge(p, now)
		}
		if err == nil || problem.From(err).Error() != want {
			t.Errorf("%s: %v, want %s", new, err, want)
		}
	}
	g, _ := Read([]byte(whole))
	if _, err := g.Judge(pack(t, "te-services"), now); problem.From(err).Reason != "unknown-channel" {
		t.Errorf("an authority without a web site: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(whole))
	p := pack(f, "arbetsformedlingen")
	f.Fuzz(func(t *testing.T, body []byte) {
		g, err := Read(body)
		if err != nil {
			if !problem.Refused(err) {
				t.Fatal(err)
			}
			return
		}
		v, err := g.Judge(p, now)
		if err == nil && slices.Contains(v.Stored, "ipAddress") {
			t.Fatal("an address is stored")
		}
		for _, figure := range v.Figures {
			if !path.MatchString(figure.Page) || number.MatchString(figure.Page) {
				t.Fatalf("%q is counted", figure.Page)
			}
		}
	})
}
