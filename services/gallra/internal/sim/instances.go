package sim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"golang.org/x/sync/errgroup"

	"gallra.se/libs/clock"
)

// Instances are the control's hold of all instances of a simulated deployment.
type Instances struct {
	nc       *nats.Conn
	services []string
	log      *slog.Logger
	gate     *gate
}

// NewInstances listens for instances of these services for as long as nc (the user
// `simulator`) is open. They wait for it before they begin.
func NewInstances(nc *nats.Conn, services []string, log *slog.Logger) (*Instances, error) {
	i := &Instances{nc: nc, services: services, log: log, gate: newGate()}
	return i, i.gate.listen(nc)
}

// How long (Pace) answers of a round are waited for, and an instance that was known to
// live is taken for alive although it is silent: longer than a lost connection to NATS
// takes to come back.
const (
	roundWithin  = 500 * time.Millisecond
	silentWithin = 5 * time.Second
	betweenLooks = 50 * time.Millisecond
)

// stop ends every life that began before since, and returns when all services are there
// and none of their instances lives. known are instances that have been seen at work.
func (i *Instances) stop(ctx context.Context, since time.Time, known []string) error {
	heard := map[string]time.Time{}
	for _, name := range known {
		heard[name] = clock.PaceNow()
	}
	for {
		lives, err := i.round(ctx, subjects(SubjectStop, i.services), Order{since}, max(len(heard), len(i.services)))
		if err != nil {
			return err
		}
		now := clock.PaceNow()
		for _, life := range lives {
			heard[life.Name()] = now
		}
		waiting := i.waitsFor(lives, heard, now)
		if len(waiting) == 0 {
			return nil
		}
		if clock.Sleep(ctx, betweenLooks) != nil {
			return fmt.Errorf("still at work: %s", strings.Join(waiting, ", "))
		}
	}
}

// waitsFor names what keeps a round from being the last: who lives, who may live without
// being heard, and services of which nobody is there.
func (i *Instances) waitsFor(lives []Life, heard map[string]time.Time, now time.Time) []string {
	here, answered, waiting := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, life := range lives {
		here[life.Service], answered[life.Name()] = true, true
		if life.Living {
			waiting[life.Name()] = true
		}
	}
	for name, at := range heard {
		if !answered[name] && now.Sub(at) < silentWithin {
			waiting[name] = true
		}
	}
	for _, service := range i.services {
		if !here[service] {
			waiting[service] = true
		}
	}
	return slices.Sorted(maps.Keys(waiting))
}

// round asks all who listen and takes the answers that come within a moment, or the first
// ones when they are enough.
func (i *Instances) round(ctx context.Context, subjects []string, order any, enough int) ([]Life, error) {
	inbox := i.nc.NewRespInbox()
	sub, err := i.nc.SubscribeSync(inbox)
	if err != nil {
		return nil, fmt.Errorf("ask instances: %w", err)
	}
	defer func() { _ = sub.Unsubscribe() }()
	question, err := json.Marshal(order)
	if err != nil {
		return nil, fmt.Errorf("ask instances: %w", err)
	}
	for _, subject := range subjects {
		if err := i.nc.PublishRequest(subject, inbox, question); err != nil {
			return nil, fmt.Errorf("ask instances: %w", err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, roundWithin)
	defer cancel()
	var lives []Life
	for len(lives) < enough {
		m, err := sub.NextMsgWithContext(ctx)
		if err != nil {
			return lives, nil // nobody there is an answer too
		}
		var life Life
		if json.Unmarshal(m.Data, &life) == nil {
			lives = append(lives, life)
		}
	}
	return lives, nil
}

func subjects(of func(service string) string, services []string) []string {
	var out []string
	for _, service := range services {
		out = append(out, of(service))
	}
	return out
}

// wipe lets one instance of each service empty what the service keeps. An instance that
// dies over it is followed by another: emptying twice is emptying once.
func (i *Instances) wipe(ctx context.Context) error { return i.wipeBut(ctx, "") }

// wipeBut leaves one service alone.
func (i *Instances) wipeBut(ctx context.Context, stays string) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, service := range i.services {
		if service == stays {
			continue
		}
		group.Go(func() error { return i.wipeOne(ctx, service) })
	}
	return group.Wait()
}

// wipeWithin is when an instance that was told is taken for dead. One that is only slow does
// no harm: those who empty the same wait for each other.
const wipeWithin = 10 * time.Second

func (i *Instances) wipeOne(ctx context.Context, service string) error {
	for {
		err := i.askWipe(ctx, service)
		if err == nil {
			return nil
		}
		i.log.WarnContext(ctx, "service not emptied yet", "name", service, "error", err.Error())
		if clock.Sleep(ctx, betweenLooks) != nil {
			return fmt.Errorf("empty %s: %w", service, err)
		}
	}
}

func (i *Instances) askWipe(ctx context.Context, service string) error {
	ctx, cancel := context.WithTimeout(ctx, wipeWithin)
	defer cancel()
	reply, err := i.nc.RequestWithContext(ctx, SubjectWipe(service), nil)
	if err != nil {
		return err
	}
	var said Wiped
	if err := json.Unmarshal(reply.Data, &said); err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	if said.Failed != "" {
		return errors.New(said.Failed)
	}
	return nil
}
