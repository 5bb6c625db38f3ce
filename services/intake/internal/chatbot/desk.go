package chatbot

import (
	"context"
	"sync"
	"time"

	"gallra.se/libs/clock"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
)

// channelName is the channel of a policy pack that the chatbot is.
const channelName = "chatbot"

// Packs knows every authority's promises.
type Packs interface {
	Pack(authority string) (*policy.Pack, bool)
}

// Tally adds ended sessions to their counters, all or none of them, and says how it went when the answer was lost.
type Tally interface {
	// Count adds and returns a name of what it did, also with an error where it may have been done all the same.
	Count(ctx context.Context, adds map[string]int64) (done string, err error)
	// Done says whether what has that name was done.
	Done(ctx context.Context, name string) (bool, error)
}

// Desk holds the sessions of one instance.
type Desk struct {
	Business clock.Business
	Policy   Packs
	Tally    Tally

	sessions *sessions
	agenda   *clock.Agenda

	counting sync.Mutex
	unsure   string // what may have been counted
	doubtful map[string]int64
}

// New makes a desk without sessions.
func New(business clock.Business, packs Packs, tally Tally) *Desk {
	d := &Desk{Business: business, Policy: packs, Tally: tally, sessions: newSessions()}
	d.agenda = &clock.Agenda{Name: "chatbot", Next: d.next, Run: d.run}
	return d
}

// Answer is what somebody hears.
type Answer struct {
	Found
	Notice policy.Notice
}

// Ask answers a question and keeps its session open. It refuses with unknown-channel where the authority has no chatbot,
// invalid-field for a session's name, and unavailable when too many sessions are open.
func (d *Desk) Ask(authority, session string, q Question) (Answer, error) {
	defer q.Forget()
	pack, ok := d.Policy.Pack(authority)
	if !ok {
		return Answer{}, problem.New("unknown-authority")
	}
	channel, ok := pack.Channels[channelName]
	if !ok || channel.IdleTimeout <= 0 {
		return Answer{}, problem.New("unknown-channel")
	}
	if err := named(session); err != nil {
		return Answer{}, err
	}
	now := d.Business.Now()
	fresh, ok := d.sessions.speak(key{authority, session}, open{now.Add(channel.IdleTimeout), channel.Counter, pack.Zone}, now)
	if !ok {
		return Answer{}, problem.Unavailable(comeBack)
	}
	if fresh {
		d.agenda.Poke()
	}
	return Answer{q.Answer(), pack.Notice}, nil
}

const comeBack = 5 * time.Second

// Close ends a session and returns when it is counted. One that is not open, or has ended already, is no error.
func (d *Desk) Close(ctx context.Context, authority, session string) error {
	if err := named(session); err != nil {
		return err
	}
	d.sessions.close(key{authority, session}, d.Business.Now())
	d.agenda.Poke()
	return d.count(ctx)
}

// Report says whether ended sessions wait to be counted, and when the next one ends by itself.
func (d *Desk) Report(ctx context.Context) (clock.State, error) { return d.agenda.Report(ctx) }

// Loop ends idle sessions until ctx ends, and then all.
func (d *Desk) Loop(ctx context.Context) error {
	err := d.agenda.Loop(ctx, d.Business)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastCount)
	defer cancel()
	d.sessions.closeAll(d.Business.Now())
	_ = d.count(ctx) // a count that fails now is lost, as with a crash
	return err
}

// lastCount is how long (Pace) a service that stops tries to count what it ends.
const lastCount = 2 * time.Second

func (d *Desk) next(context.Context) (time.Time, bool, error) {
	if d.owes() {
		return d.Business.Now(), true, nil
	}
	at, ok := d.sessions.next()
	return at, ok, nil
}

func (d *Desk) run(ctx context.Context, now time.Time) error {
	d.sessions.expire(now)
	return d.count(ctx)
}

func (d *Desk) owes() bool {
	d.counting.Lock()
	defer d.counting.Unlock()
	return d.unsure != "" || d.sessions.uncounted()
}

// count writes what has ended, each session once: where an answer was lost, it first looks what became of that.
func (d *Desk) count(ctx context.Context) error {
	d.counting.Lock()
	defer d.counting.Unlock()
	if err := d.resolve(ctx); err != nil {
		return err
	}
	ended := d.sessions.take()
	if len(ended) == 0 {
		return nil
	}
	done, err := d.Tally.Count(ctx, ended)
	switch {
	case err == nil:
		return nil
	case done == "":
		d.sessions.giveBack(ended)
	default:
		d.unsure, d.doubtful = done, ended
	}
	return err
}

func (d *Desk) resolve(ctx context.Context) error {
	if d.unsure == "" {
		return nil
	}
	done, err := d.Tally.Done(ctx, d.unsure)
	if err != nil {
		return err
	}
	if !done {
		d.sessions.giveBack(d.doubtful)
	}
	d.unsure, d.doubtful = "", nil
	return nil
}
