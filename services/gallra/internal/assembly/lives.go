package assembly

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/clock"
	"gallra.se/libs/serve"
	"gallra.se/services/gallra/internal/sim"
)

// lives runs a service of a simulated deployment one life after another:
//
//	waiting ── the control gives leave ──► living ── sim.stop ──► waiting …
//	   └── sim.wipe: empty databases and keys        └── sim.kill: the process is gone
//
// A life is the service as it runs anywhere, from its migrations on; between two lives
// nothing of it is left in this process but the open door.
type lives struct {
	config Config
	live   func(context.Context, Config) error
	nc     *nats.Conn
	door   *doorway
	crash  func()

	mu    sync.Mutex
	since time.Time          // no life of an older world may go on
	born  time.Time          // the world of the present life
	end   context.CancelFunc // ends it; nil between two lives
}

// runLives works until ctx ends, or a life ends by itself with an error.
func runLives(ctx context.Context, c Config, live func(context.Context, Config) error) error {
	nc, err := AwaitNats(ctx, c.Nats, c.Service, c.Log)
	if err != nil {
		return err
	}
	defer nc.Close()
	l := &lives{config: c, live: live, nc: nc, door: newDoorway(c.Listener), crash: crash}
	return l.run(ctx)
}

func (l *lives) run(ctx context.Context) error {
	if err := l.listen(ctx); err != nil {
		return fmt.Errorf("listen to the simulation's control: %w", err)
	}
	for {
		world, err := l.wait(ctx)
		if err == nil && ctx.Err() == nil {
			err = l.liveIn(ctx, world)
		}
		if err != nil || ctx.Err() != nil {
			return err
		}
	}
}

// liveIn is one life. That it was told to end is no error.
func (l *lives) liveIn(ctx context.Context, world time.Time) error {
	ctx, end := context.WithCancel(ctx)
	defer end()
	if !l.begin(world, end) {
		return nil
	}
	defer l.over()
	if err := finishWipe(ctx, l.config); err != nil {
		return err
	}
	config := l.config
	config.Listener = l.door.lease()
	defer config.Listener.Close()
	err := l.live(ctx, config)
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// begin says whether a life may begin in a world: while leave was on its way another one
// may have begun.
func (l *lives) begin(world time.Time, end context.CancelFunc) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if world.Before(l.since) {
		return false
	}
	l.born, l.end = world, end
	return true
}

func (l *lives) over() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.end = nil
}

// obey ends a life of an older world, and says how things stand.
func (l *lives) obey(since time.Time) sim.Life {
	l.mu.Lock()
	defer l.mu.Unlock()
	if since.After(l.since) {
		l.since = since
	}
	if l.end != nil && l.born.Before(l.since) {
		l.end()
	}
	return sim.Life{Service: l.config.Service, Instance: l.config.Instance, Living: l.end != nil}
}

// How often leave is asked for, and how often it is said that there is none.
const (
	askAgain   = 100 * time.Millisecond
	askTimeout = time.Second
)

// wait asks for leave until it is given, and answers at the door in the meantime.
func (l *lives) wait(ctx context.Context) (world time.Time, err error) {
	err = serve.Group(ctx,
		func(ctx context.Context) error { return serve.Run(ctx, l.door.lease(), waiting(), l.config.Log) },
		func(ctx context.Context) error {
			if world, err = l.leave(ctx); err != nil {
				return err
			}
			return errLeave
		})
	if errors.Is(err, errLeave) {
		err = nil
	}
	return world, err
}

// errLeave closes the door of who waits.
var errLeave = errors.New("leave is given")

func (l *lives) leave(ctx context.Context) (world time.Time, err error) {
	said := time.Time{}
	for {
		leave, err := l.ask(ctx)
		if err == nil && leave.May {
			return leave.Since, nil
		}
		if now := clock.PaceNow(); err != nil && now.Sub(said) >= sayAgain {
			l.config.Log.WarnContext(ctx, "waiting for the simulation's control", "error", err.Error())
			said = now
		}
		if err := clock.Sleep(ctx, askAgain); err != nil {
			return world, err
		}
	}
}

func (l *lives) ask(ctx context.Context) (leave sim.Leave, err error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	reply, err := l.nc.RequestWithContext(ctx, sim.SubjectMayStart(l.config.Service), nil)
	if err != nil {
		return leave, err
	}
	return leave, json.Unmarshal(reply.Data, &leave)
}
