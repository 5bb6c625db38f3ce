package clock

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// ErrUnsettled is returned when the system does not come to rest.
var ErrUnsettled = errors.New("the system does not settle")

// SettleTimeout is how long (Pace) a settle may last before it gives up.
const SettleTimeout = 3 * time.Minute

// settle waits until every registered instance has reported twice with equal
// work: the present clock version handled, nothing in flight, no unsent outbox
// row, positions at the ends of the streams. It returns the earliest deadline.
func (c *Coordinator) settle(ctx context.Context) (next time.Time, err error) {
	var before string
	err = c.await(ctx, func() (bool, string) {
		var seen, why string
		seen, next, why = c.look(ctx)
		if why == "" && seen == before {
			return true, ""
		}
		before = seen
		return false, why
	})
	return next, err
}

// await asks until holds is true. After a round that found nothing to wait for
// it asks again at once, else after a pause that grows.
func (c *Coordinator) await(ctx context.Context, holds func() (bool, string)) error {
	give := PaceNow().Add(SettleTimeout)
	for pause := time.Duration(0); ; pause = min(5*time.Millisecond, pause+500*time.Microsecond) {
		ok, why := holds()
		switch {
		case ok:
			return nil
		case why == "":
			pause = 0
		case PaceNow().After(give):
			return fmt.Errorf("%w within %s: %s", ErrUnsettled, SettleTimeout, why)
		}
		if err := Sleep(ctx, pause); err != nil {
			return fmt.Errorf("%w: %s: %w", ErrUnsettled, why, err)
		}
	}
}

// look takes one round of reports; why is empty when nothing moves in it, and
// seen then characterises it.
func (c *Coordinator) look(ctx context.Context) (seen string, next time.Time, why string) {
	version := c.Now().Version
	ends, err := c.ends(ctx)
	if err != nil {
		return "", next, err.Error()
	}
	reports, why := c.gather(ctx, ask{Version: version, Rested: true, Ends: ends})
	if why != "" {
		return "", next, why
	}
	if divided := Divided(reports); len(divided) > 0 {
		return "", next, "not all partitions are taken up in " + strings.Join(divided, ", ")
	}
	lines := make([]string, 0, len(reports))
	for _, r := range reports {
		if why := c.unsettled(r, version, ends); why != "" {
			return "", next, r.Service + ": " + why
		}
		if !r.Next.IsZero() && (next.IsZero() || r.Next.Before(next)) {
			next = r.Next
		}
		lines = append(lines, fmt.Sprint(nameOf(r), r.Work, r.Next.UnixMicro()))
	}
	sort.Strings(lines)
	return fmt.Sprint(version, ends, lines), next, ""
}

func (c *Coordinator) unsettled(r Report, version int64, ends map[string]uint64) string {
	switch {
	case r.ClockVersion < version:
		return "has not seen the clock move"
	case r.Unsent > 0:
		return fmt.Sprintf("%d unsent events", r.Unsent)
	case r.Busy > 0 && !c.excused(r.WaitsFor):
		return fmt.Sprintf("%d pieces of work in flight", r.Busy)
	}
	for stream, at := range r.Positions {
		if end := ends[stream]; at < end {
			return fmt.Sprintf("%s read to %d of %d", stream, at, end)
		}
	}
	return ""
}

// excused says that the work in flight waits for stopped services only.
func (c *Coordinator) excused(waitsFor []string) bool {
	if len(waitsFor) == 0 {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range waitsFor {
		if c.released[s] {
			return true
		}
	}
	return false
}

// gather asks all instances and waits until all that have joined answered. Who
// answers unasked joins (the coordinator may have been started again): while
// partitions of a service are nobody's, others may yet answer. Who is silent for
// missesAllowed rounds is gone, and only its service is waited for.
func (c *Coordinator) gather(ctx context.Context, a ask) ([]Report, string) {
	missing := c.awaited()
	absent := c.absent(missing)
	inbox := c.nc.NewRespInbox()
	sub, err := c.nc.SubscribeSync(inbox)
	if err != nil {
		return nil, err.Error()
	}
	defer func() { _ = sub.Unsubscribe() }()
	question, err := json.Marshal(a)
	if err != nil {
		return nil, err.Error()
	}
	if err := c.nc.PublishRequest(SubjectReport, inbox, question); err != nil {
		return nil, err.Error()
	}
	reports := c.answers(ctx, sub, missing, absent)
	switch {
	case absent != "":
		return nil, absent
	case len(missing) > 0:
		c.missed(missing)
		return nil, "no answer from " + strings.Join(names(missing), ", ")
	}
	return reports, ""
}

// answers reads what instances say until nobody is missing and no service divided, or
// it has lasted too long.
func (c *Coordinator) answers(ctx context.Context, sub *nats.Subscription, missing map[string]bool, absent string) (reports []Report) {
	ctx, cancel := context.WithTimeout(ctx, answerWithin(absent))
	defer cancel()
	for known := false; ; {
		if !known && len(missing) == 0 && absent == "" { // whoever has not joined is not waited for long
			known = true
			ctx, cancel = context.WithTimeout(ctx, strangerWithin)
			defer cancel()
		}
		if known && len(Divided(reports)) == 0 {
			return reports
		}
		m, err := sub.NextMsgWithContext(ctx)
		if err != nil {
			return reports
		}
		var r Report
		if json.Unmarshal(m.Data, &r) != nil {
			continue
		}
		c.heard(nameOf(r))
		delete(missing, nameOf(r))
		reports = append(reports, r)
	}
}

// answerWithin is short when the round only looks for services that have not
// joined.
func answerWithin(absent string) time.Duration {
	if absent != "" {
		return strangerWithin
	}
	return time.Second
}

const strangerWithin = 100 * time.Millisecond

// missesAllowed, a second each, is longer than the idleness of an agenda: what only an
// instance that was killed knew of has been found by another before it is given up.
const missesAllowed = 5

func (c *Coordinator) heard(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.joined[name] = 0
}

func (c *Coordinator) missed(silent map[string]bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for name := range silent {
		c.joined[name]++
		if c.joined[name] > missesAllowed {
			delete(c.joined, name)
		}
	}
}

// crowded says that some service has more than one instance.
func (c *Coordinator) crowded() bool {
	services := map[string]bool{}
	for name := range c.awaited() {
		if services[serviceOf(name)] {
			return true
		}
		services[serviceOf(name)] = true
	}
	return false
}

// awaited is a copy of the instances that have joined.
func (c *Coordinator) awaited() map[string]bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make(map[string]bool, len(c.joined))
	for name := range c.joined {
		out[name] = true
	}
	return out
}

// absent names an expected service of which no instance has joined.
func (c *Coordinator) absent(joined map[string]bool) string {
	have := map[string]bool{}
	for name := range joined {
		have[serviceOf(name)] = true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.expect {
		if !have[s] && !c.released[s] {
			return s + " has not joined"
		}
	}
	return ""
}

// endsWithin is how long the server may take: what was asked while it went away
// is never answered.
const endsWithin = 2 * time.Second

func (c *Coordinator) ends(ctx context.Context) (map[string]uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, endsWithin)
	defer cancel()
	return Ends(ctx, c.nc)
}

func nameOf(r Report) string { return r.Service + "/" + r.Instance }

func serviceOf(name string) string { s, _, _ := strings.Cut(name, "/"); return s }

func names(set map[string]bool) []string {
	out := make([]string, 0, len(set))
	for n := range set {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}
