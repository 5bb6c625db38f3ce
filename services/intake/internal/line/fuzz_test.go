package line_test

import (
	"bytes"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"gallra.se/libs/nationalid"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/contact"
	"gallra.se/services/intake/internal/line"
)

var seeds = []string{
	call, `{}`, `null`, `{"id":7}`, `{"fields":[]}`, `{"note":{"mood":1}}`, `{"fields":{"text":"\ud800"}}`,
	strings.NewReplacer(`"phone"`, `"feed"`, `"identified":true`, `"identified":true,"source":"SE-SKV"`).Replace(call),
	strings.NewReplacer(`"phone"`, `"mail-campaign"`, `"identified":true`, `"identified":true,"campaign":"june","consent":false`).Replace(call),
	strings.NewReplacer(`arbetsformedlingen`, `stockholm-labour-market-board`, `"phone"`, `"feedback"`, `"identified":true`, `"consent":true,"service":"job-centre"`).Replace(call),
}

// FuzzLine: a line is taken apart or refused, and its canonical form is that of itself.
func FuzzLine(f *testing.F) {
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		given, err := line.Decode(raw)
		if err != nil {
			wellRefused(t, err)
			return
		}
		again, err := line.Decode(given.Canonical)
		if err != nil || !bytes.Equal(again.Canonical, given.Canonical) {
			t.Fatalf("%s is another line than %q", given.Canonical, raw)
		}
	})
}

// FuzzJudge: whatever comes, what is kept is on the channel's list, is text, and says whose it is.
func FuzzJudge(f *testing.F) {
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	packs := rules(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		given, err := line.Decode(raw)
		if err != nil {
			return
		}
		c, err := packs.Judge(given, noon)
		if err != nil {
			wellRefused(t, err)
			return
		}
		pack, _ := packs.Packs.Pack(c.Authority)
		channel := pack.Channels[c.Channel]
		for _, name := range slices.Sorted(maps.Keys(c.Fields)) {
			if !channel.MayStore(c.Identified, name) || c.StoresNothing() {
				t.Fatalf("%s keeps %s", c.Channel, name)
			}
			if !utf8.ValidString(c.Fields[name]) || strings.ContainsAny(c.Fields[name], "\x00\u202e\u2066") {
				t.Fatalf("%s is kept as %q", name, c.Fields[name])
			}
		}
		if of := c.Person(); of != "" {
			if id, err := nationalid.Parse(pack.Country, of); err != nil || id.Canonical() != of || !id.IsTest() {
				t.Fatalf("somebody is looked for by %d characters", len(of))
			}
		}
		if stamp := c.Record().Stamp; !c.StoresNothing() && (stamp.Controller != c.Authority || stamp.Source == "" || len(stamp.LegalBasis) == 0 || len(stamp.Purposes) == 0) {
			t.Fatalf("%s is stamped %+v", c.Channel, stamp)
		}
		if strings.ContainsFunc(c.SourceID, func(r rune) bool { return r < ' ' }) || c.Campaign != "" && c.Channel != contact.MailCampaign {
			t.Fatalf("%q in %q", c.SourceID, c.Campaign)
		}
	})
}

func wellRefused(t *testing.T, err error) {
	t.Helper()
	if !problem.Refused(err) || problem.From(err).Status >= http.StatusInternalServerError {
		t.Fatalf("refused with %v", err)
	}
}
