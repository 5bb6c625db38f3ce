package intake_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// called is an identified call that ended on a day.
func called(id, endedAt, name, nationalID string) string {
	return lineOf(af, "phone", id, endedAt, fmt.Sprintf(`"name":"%s","nationalId":"%s"`, name, nationalID), `"identified":true`)
}

func TestATextThatIsNotWhatItLooksLikeIsRefusedAndLeavesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.rows()
	const day, number = "2024-01-31T10:00:00+01:00", "199001012385"
	for what, c := range map[string]struct{ line, refusal string }{
		"a header in the id":                {called(`a\r\nSet-Cookie: b=c`, day, "Anna", number), "invalid-text (id)"},
		"two lines in the id":               {called(`a\nb`, day, "Anna", number), "invalid-text (id)"},
		"a zero byte in the id":             {called(`a\u0000b`, day, "Anna", number), "invalid-text (id)"},
		"a turn of direction in the id":     {called(`a\u202eb`, day, "Anna", number), "invalid-text (id)"},
		"a Cyrillic letter in a Latin name": {called("b", day, `\u0410nna Kanarie`, number), "invalid-text (name)"},
		"a turn of direction in a name":     {called("b", day, `Anna \u202eeiranaK`, number), "invalid-text (name)"},
		"an isolate in a name":              {called("b", day, `\u2067Anna\u2069`, number), "invalid-text (name)"},
		"a zero-width space in a name":      {called("b", day, `An\u200bna`, number), "invalid-text (name)"},
		"half a surrogate in a name":        {called("b", day, `Anna \ud800`, number), "invalid-text (name)"},
		"a letter-like digit in a number":   {called("b", day, "Anna", `1990０1012385`), "invalid-national-id (nationalId)"},
		"a line break in a number":          {called("b", day, "Anna", `19900101\n2385`), "invalid-national-id (nationalId)"},
		"a turn of direction in a text":     {lineOf(af, "chat", "b", day, `"text":"a\u202eb"`), "invalid-text (text)"},
	} {
		if r := w.post(c.line); r.Status != http.StatusUnprocessableEntity || refusalOf(r) != c.refusal {
			t.Errorf("%s: %d %v", what, r.Status, r.Body)
		}
	}
	w.settle()
	if diff := cmp.Diff(before, w.rows()); diff != "" {
		t.Errorf("a refused line left something: %s", diff)
	}
}

func TestAnIdThatLooksLikeAPathOrAQueryIsOnlyAnId(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := map[any]bool{}
	for _, id := range []string{"../../etc/passwd", "..%2f..%2f", "a/b?c=d#e", "'; DROP TABLE contact; --", "in.*.>", "${jndi:ldap://x}", "199001012385", "אבג"} {
		r := w.post(called(id, "2024-01-31T10:00:00+01:00", "Anna", "199001012385"))
		if again := w.post(called(id, "2024-01-31T10:00:00+01:00", "Anna", "199001012385")); r.Status != http.StatusCreated || again.Body["id"] != r.Body["id"] {
			t.Errorf("%q: %d %v, then %v", id, r.Status, r.Body, again.Body)
		}
		ids[r.Body["id"]] = true
	}
	if len(ids) != 8 || w.rows()["contact"] != 8 {
		t.Errorf("%d ids, %v", len(ids), w.rows())
	}
}

func TestNumbersAreReadAsPeopleWriteThemOnTheDayOfTheContact(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.clock.set("2024-06-16T12:00:00+02:00")
	for _, c := range []struct{ number, day, kept string }{
		{"19900101-2385", "2024-01-31T10:00:00+01:00", "199001012385"},
		{"19900101 2385", "2024-01-31T10:00:00+01:00", "199001012385"},
		{" 1990 01 01 2385 ", "2024-01-31T10:00:00+01:00", "199001012385"},
		{"900101-2385", "2024-01-31T10:00:00+01:00", "199001012385"},
		{"900101 - 2385", "2024-01-31T10:00:00+01:00", "199001012385"},
		{"9001012385", "2024-01-31T10:00:00+01:00", "199001012385"},
		{"900101+2385", "2024-01-31T10:00:00+01:00", "189001012385"},
		{"240616-2384", "2024-06-15T23:59:00+02:00", "192406162384"}, // born the day after: a hundred years before
		{"240616-2384", "2024-06-16T00:00:00+02:00", "202406162384"},
		{"240616-2384", "2024-06-15T22:30:00Z", "202406162384"}, // that is 00:30 in Stockholm
		{"240616+2384", "2024-06-16T00:00:00+02:00", "192406162384"},
	} {
		r := w.post(called(c.number+c.day, c.day, "Anna", c.number))
		if r.Status != http.StatusCreated {
			t.Errorf("%s on %s: %d %v", c.number, c.day, r.Status, r.Body)
			continue
		}
		if fields, _ := w.read(r.Body["id"]).Body["fields"].(map[string]any); fields["nationalId"] != c.kept {
			t.Errorf("%s on %s is kept as %v, want %s", c.number, c.day, fields["nationalId"], c.kept)
		}
	}
	for _, number := range []string{"20240617-2383", "20150101+2387", "900101–2385", "19900101--2385", "9001-012385", "900101-2386", "19901301-2384"} {
		if r := w.post(called("x"+number, "2024-06-16T00:00:00+02:00", "Anna", number)); r.Status != http.StatusUnprocessableEntity || r.Body["reason"] != "invalid-national-id" {
			t.Errorf("%s: %d %v", number, r.Status, r.Body)
		}
	}
}

func TestANameIsKeptInOneFormAndInAnyScript(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for given, kept := range map[string]string{
		`A\u030ake O\u0308stro\u0308m`: "Åke Öström", "Ольга Канарейка": "Ольга Канарейка", "محمد كناري": "محمد كناري", "Nguy\u1ec5n Thị": "Nguyễn Thị",
	} {
		r := w.post(called(given, "2024-01-31T10:00:00+01:00", given, "199001012385"))
		fields, _ := w.read(r.Body["id"]).Body["fields"].(map[string]any)
		if fields["name"] != kept {
			t.Errorf("%+q is kept as %+q: %d %v", given, fields["name"], r.Status, r.Body)
		}
	}
}

// AFG-32, AFC-06, AFC-07, AFC-19, AFC-20
func TestAnIPAddressIsKeptOfAChatAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for channel, want := range map[string]bool{"chat": true, "phone": false, "email": false, "econtact": false, "visit": false} {
		r := w.post(lineOf(af, channel, channel, "2024-01-31T10:00:00+01:00", `"ipAddress":"192.0.2.1","nationalId":"199001012385"`, `"identified":true`))
		fields, _ := w.read(r.Body["id"]).Body["fields"].(map[string]any)
		if r.Status != http.StatusCreated || (fields["ipAddress"] != nil) != want {
			t.Errorf("%s: %d %v keeps %v", channel, r.Status, r.Body, fields)
		}
	}
}
