package calendar

import (
	"encoding/json"
	"os"
	"testing"
	"time"
)

type vector struct {
	Rule, What, Zone, Period      string
	D0, E, LastReadable, GoneFrom Date
	Mode                          Mode
	GoneFromUTC                   string
}

func TestEveryPublishedDateVectorComesOutToTheDay(t *testing.T) {
	t.Parallel()
	for _, v := range published(t) {
		t.Run(v.Rule+" "+v.D0.String(), func(t *testing.T) { checkVector(t, v) })
	}
}

func published(t *testing.T) []vector {
	t.Helper()
	raw, err := os.ReadFile("testdata/date-vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []vector
	if err := json.Unmarshal(raw, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors) != 28 {
		t.Fatalf("%d vectors, want the 28 published ones", len(vectors))
	}
	return vectors
}

func checkVector(t *testing.T, v vector) {
	p, err := ParsePeriod(v.Period)
	if err != nil {
		t.Fatal(err)
	}
	loc, err := time.LoadLocation(v.Zone)
	if err != nil {
		t.Fatal(err)
	}
	gone := GoneFrom(v.D0, p, v.Mode)
	for _, c := range []struct{ what, got, want string }{
		{"E", End(v.D0, p).String(), v.E.String()},
		{"gone from", gone.String(), v.GoneFrom.String()},
		{"last readable day", gone.AddDays(-1).String(), v.LastReadable.String()},
		{"UTC instant", Midnight(gone, loc).Format("2006-01-02T15:04Z"), v.GoneFromUTC},
		{"period in words", p.String(), v.Period},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s, want %s", c.what, c.got, c.want)
		}
	}
}
