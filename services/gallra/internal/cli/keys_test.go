package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"gallra.se/libs/keyring"
	"gallra.se/services/gallra/internal/keys"
)

func TestAKeyringThatIsNotAsItShouldBeIsSaidAndIsAFailure(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	sane := func() *keyring.Status {
		return &keyring.Status{Provider: "file", Generation: 7, Held: []int64{7}, RotatedAt: now.Add(-3 * time.Hour), Pages: 2, Units: 3,
			Transport: keyring.Transport{Living: 1, Retired: 2}, Copy: &keyring.Copy{Dir: "/copy", Generation: 7, At: now.Add(-72 * time.Hour)}}
	}
	for name, c := range map[string]struct {
		spoil func(*keyring.Status)
		says  []string
		sound bool
	}{
		"all is well":            {func(*keyring.Status) {}, []string{"generation 7, 3 hours ago", "3 living", "2 retired", "3 days ago"}, true},
		"no second medium":       {func(s *keyring.Status) { s.Copy = nil }, []string{"second medium", "none"}, true},
		"an old root is left":    {func(s *keyring.Status) { s.Held = []int64{6, 7} }, []string{"FAIL", "[6 7]", "gallra keys rotate"}, false},
		"the root is not held":   {func(s *keyring.Status) { s.Held = []int64{8} }, []string{"FAIL"}, false},
		"a transport key is old": {func(s *keyring.Status) { s.Transport.Overdue = 1 }, []string{"FAIL", "gallra reconcile"}, false},
		"the copy is behind":     {func(s *keyring.Status) { s.Copy.Generation = 6 }, []string{"FAIL", "behind"}, false},
		"nobody knows when":      {func(s *keyring.Status) { s.RotatedAt = time.Time{} }, []string{"at an unknown time"}, true},
		"somebody is looked up":  {func(s *keyring.Status) { s.Index = &keyring.Index{Buckets: 4, Entries: 9, ReplacedAt: now} }, []string{"9 entries in 4 buckets", "just now"}, true},
	} {
		status := sane()
		c.spoil(status)
		standing := keys.Standing{Holders: []keys.Holder{{Service: "intake", Status: status}}}
		var out bytes.Buffer
		if err := printStanding(&out, standing, now); err != nil {
			t.Fatal(err)
		}
		for _, want := range c.says {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s: no %q in\n%s", name, want, &out)
			}
		}
		if sound(standing) != c.sound {
			t.Errorf("%s: sound is %v", name, !c.sound)
		}
	}
}

func TestAHolderThatDidNotRotateIsNamed(t *testing.T) {
	t.Parallel()
	result := keys.Result{Holders: []keys.Turn{{Service: "intake", Rotated: &keys.Rotated{From: 1, To: 2}}, {Service: "case-linker", Fault: "no instance of it runs"}}}
	var out bytes.Buffer
	if err := printRotated(terminal{Out: &out}, false, result); err != nil {
		t.Fatal(err)
	}
	const want = "ok   intake: root key 2 in place of 1\nFAIL case-linker: no instance of it runs\n"
	if out.String() != want || result.OK() {
		t.Errorf("%q", &out)
	}
}
