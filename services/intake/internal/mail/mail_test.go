package mail

import (
	"strings"
	"testing"
	"time"

	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
)

var now = time.Date(2025, 10, 15, 10, 0, 0, 0, time.UTC)

const whole = `{"id":"m1","at":"2025-10-15T13:10:00+03:00","person":{"nationalId":"070503A9886"},"encrypted":false,"about":"general","text":"Write to the registry."}`

// TES-15, KSC-28, KSC-32
func TestPlainMailSaysNothingOfSomebodysOwnMatterWhereThatWasPromised(t *testing.T) {
	t.Parallel()
	packs, err := policy.Load(policy.Packs())
	if err != nil {
		t.Fatal(err)
	}
	for authority, restricted := range map[string]bool{"te-services": true, "te-customer-service": true, "arbetsformedlingen": false} {
		pack, _ := packs.Pack(authority)
		for _, c := range []struct {
			encrypted   bool
			about, text string
			refused     bool
		}{
			{false, AboutGeneral, "Write to the registry or use secure mail.", false},
			{false, AboutCase, "Your benefit is being handled.", true},
			{false, AboutGeneral, "About 070503 A9886: write to the registry.", true},
			{false, AboutGeneral, "About 19760210 2381: write to the registry.", true},
			{true, AboutCase, "Your benefit is being handled, 070503A9886.", false},
			{true, AboutGeneral, "Write to the registry.", false},
		} {
			err := Given{Encrypted: c.encrypted, About: c.about, Text: c.text}.Allowed(pack, now)
			if refused := err != nil; refused != (c.refused && restricted) {
				t.Errorf("%s: %+v: %v", authority, c, err)
			}
			if p := problem.From(err); err != nil && (p.Reason != "denied" || p.Rule != "TES-15") {
				t.Errorf("%s: %+v: %v", authority, c, err)
			}
		}
	}
}

func TestAMailIsReadStrictly(t *testing.T) {
	t.Parallel()
	if _, err := Read([]byte(whole)); err != nil {
		t.Fatal(err)
	}
	for old, change := range map[string]string{
		`"id":"m1",`:                             `|missing-field (id)`,
		`"2025-10-15T13:10:00+03:00"`:            `""|missing-field (at)`,
		`"person":{"nationalId":"070503A9886"},`: `|missing-field (person)`,
		`{"nationalId":"070503A9886"}`:           `{}|missing-field (nationalId)`,
		`"about":"general",`:                     `|missing-field (about)`,
		`"general"`:                              `"both"|invalid-field (about)`,
		`"encrypted":false`:                      `"encrypted":"no"|invalid-field (encrypted)`,
		`"Write to the registry."`:               `""|missing-field (text)`,
		`"about"`:                                `"bcc":"x","about"|unknown-field (bcc)`,
		`"id":"m1"`:                              `"id":"m1","id":"m2"|not-json`,
	} {
		new, want, _ := strings.Cut(change, "|")
		if _, err := Read([]byte(strings.Replace(whole, old, new, 1))); err == nil || problem.From(err).Error() != want {
			t.Errorf("%s: %v, want %s", new, err, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(whole))
	packs, err := policy.Load(policy.Packs())
	if err != nil {
		f.Fatal(err)
	}
	pack, _ := packs.Pack("te-customer-service")
	f.Fuzz(func(t *testing.T, body []byte) {
		g, err := Read(body)
		if err != nil {
			if !problem.Refused(err) {
				t.Fatal(err)
			}
			return
		}
		if kept := g.Kept(pack); kept.Canonical == nil || !kept.Identified || kept.Source != officer {
			t.Fatalf("%+v", kept)
		}
	})
}
