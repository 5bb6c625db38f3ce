package connect_test

import (
	"slices"
	"strings"
	"testing"

	"gallra.se/services/gallra/internal/connect"
)

func TestWhatIsAskedForBecomesTheKindsAndEventsOfToday(t *testing.T) {
	t.Parallel()
	p, err := connect.Ask("kund-1", []string{af + "/contact", te + "/*"}, []string{af + "/case.closed", af + "/case.*", te + "/record.disposed.v1"})
	if err != nil {
		t.Fatal(err)
	}
	var publish, subscribe []string
	for _, g := range p.Publish {
		publish = append(publish, g.String())
	}
	for _, g := range p.Subscribe {
		subscribe = append(subscribe, g.String())
	}
	if want := []string{af + "/contact", te + "/contact", te + "/person", te + "/case"}; !slices.Equal(publish, want) {
		t.Errorf("publish %v", publish)
	}
	if want := []string{af + "/case.closed.v1", af + "/case.opened.v1", af + "/case.reopened.v1", af + "/case.noted.v1",
		af + "/case.record-adopted.v1", af + "/case.record-parted.v1", af + "/case.assigned.v1", te + "/record.disposed.v1"}; !slices.Equal(subscribe, want) {
		t.Errorf("subscribe %v", subscribe)
	}
}

func TestWhatThereIsNotIsRefusedWithWhatThereIs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		name               string
		publish, subscribe []string
		says               string
	}{
		"no name":                       {"", []string{af + "/contact"}, nil, "a-z"},
		"a name in capitals":            {"Kund", []string{af + "/contact"}, nil, "a-z"},
		"a name that is a pattern":      {"kund.*", []string{af + "/contact"}, nil, "a-z"},
		"a name that ends in a dash":    {"kund-", []string{af + "/contact"}, nil, "a-z"},
		"a name that is too long":       {strings.Repeat("a", 41), []string{af + "/contact"}, nil, "a-z"},
		"nothing asked for":             {"kund", nil, nil, "--publish"},
		"no authority":                  {"kund", []string{"contact"}, nil, af},
		"an unknown authority":          {"kund", []string{"skatteverket/contact"}, nil, te},
		"every authority":               {"kund", []string{"*/contact"}, nil, af},
		"an unknown kind":               {"kund", []string{af + "/letter"}, nil, "contact, person, case"},
		"an unknown event":              {"kund", nil, []string{af + "/case.lost"}, "case.closed.v1"},
		"a watermark":                   {"kund", nil, []string{af + "/watermark.passed"}, "record.disposed.v1"},
		"the statistics' side":          {"kund", nil, []string{af + "/statistics.*"}, "case.closed.v1"},
		"an analysts' row":              {"kund", nil, []string{af + "/statistics.row"}, "case.closed.v1"},
		"a pattern that cannot be read": {"kund", nil, []string{af + "/case.[closed"}, "case.closed.v1"},
	} {
		if _, err := connect.Ask(c.name, c.publish, c.subscribe); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAPatternNeverReachesWhatIsNobodys(t *testing.T) {
	t.Parallel()
	p, err := connect.Ask("kund", nil, []string{af + "/*"})
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range p.Subscribe {
		if strings.HasPrefix(g.What, "statistics.") || strings.HasPrefix(g.What, "watermark.") || strings.HasPrefix(g.What, "protection.") ||
			strings.HasPrefix(g.What, "access.") || strings.HasPrefix(g.What, "disclosure.held") {
			t.Errorf("everything includes %s", g.What)
		}
	}
	for _, r := range p.Readers() {
		if !strings.HasPrefix(r.Stream, "EV_") || len(r.Filters) == 0 {
			t.Errorf("it reads by %+v", r)
		}
	}
}
