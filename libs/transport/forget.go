package transport

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"gallra.se/libs/clock"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
)

// RetireQuestion is what a sender that erases something asks at
// ask.<receiver>.retire.<sender>: without keys, to retire the present one and
// have all retired ones go; with keys, which of them are still there.
type RetireQuestion struct {
	Keys []string `json:"keys,omitempty"`
}

// RetireAnswer names retired keys that are not destroyed yet.
type RetireAnswer struct {
	Keys []string `json:"keys"`
}

const (
	mostKeys   = 1000     // in one question
	retireMost = 64 << 10 // bytes
)

func (r *Receiver) answerRetire(ctx context.Context, question []byte) ([]byte, error) {
	q, err := parseRetire(question)
	if err != nil {
		return nil, err
	}
	var said RetireAnswer
	if q.Keys == nil {
		said.Keys, err = r.Retire(ctx)
	} else {
		said.Keys, err = r.living(ctx, q.Keys)
	}
	if err != nil {
		return nil, err
	}
	return json.Marshal(said)
}

func parseRetire(raw []byte) (q RetireQuestion, err error) {
	if len(raw) > retireMost {
		return q, problem.New("too-large")
	}
	if err := strict.Decode(raw, &q); err != nil {
		return q, err
	}
	if len(q.Keys) > mostKeys {
		return q, problem.OnField("too-large", "keys")
	}
	for _, k := range q.Keys {
		if id, err := uuid.Parse(k); err != nil || id.String() != k {
			return q, problem.OnField("invalid-field", "keys")
		}
	}
	return q, nil
}

// Forgetting is what must go before something that is erased on request is
// unrecoverable: the keys that anything about it may have been sealed to.
type Forgetting struct {
	r      *Receiver
	own    []string
	theirs map[string][]string // by receiver
}

// Forget retires the key that others seal to here, and those that this service
// seals to.
func (r *Receiver) Forget(ctx context.Context) (*Forgetting, error) {
	f := &Forgetting{r: r, theirs: map[string][]string{}}
	var err error
	if f.own, err = r.Retire(ctx); err != nil {
		return nil, err
	}
	for _, receiver := range r.Receivers {
		var said RetireAnswer
		if err := request(ctx, r.NC, subjectRetire(receiver, r.Service), RetireQuestion{}, &said); err != nil {
			return nil, fmt.Errorf("ask %s to retire its key: %w", receiver, err)
		}
		f.theirs[receiver] = said.Keys
	}
	return f, nil
}

// ErrStillSealed says that a key lives on to which something about what is
// erased may be sealed: a service is away, or behind.
var ErrStillSealed = errors.New("transport keys wait for what is sealed to them")

// Await returns nil once all the keys are destroyed, and ErrStillSealed when
// they are not within d (Pace).
func (f *Forgetting) Await(ctx context.Context, d time.Duration) error {
	until, pause := clock.PaceNow().Add(d), shortest
	for {
		over, err := f.over(ctx)
		if err != nil || over {
			return err
		}
		if !clock.PaceNow().Before(until) {
			return ErrStillSealed
		}
		if err := clock.Sleep(ctx, pause); err != nil {
			return err
		}
		pause = min(2*pause, 20*shortest)
	}
}

func (f *Forgetting) over(ctx context.Context) (bool, error) {
	var err error
	if f.own, err = f.r.living(ctx, f.own); err != nil || len(f.own) > 0 {
		return false, err
	}
	for receiver, keys := range f.theirs {
		if len(keys) == 0 {
			continue
		}
		var said RetireAnswer
		if err := request(ctx, f.r.NC, subjectRetire(receiver, f.r.Service), RetireQuestion{Keys: keys}, &said); err != nil {
			return false, fmt.Errorf("ask %s which of its keys are left: %w", receiver, err)
		}
		if f.theirs[receiver] = said.Keys; len(said.Keys) > 0 {
			return false, nil
		}
	}
	return true, nil
}

// Rotate has every key that was given out so far go now, if all that is sealed
// to them has arrived: ErrStillSealed when that takes longer than five seconds,
// and it goes on.
func (r *Receiver) Rotate(ctx context.Context) error {
	own, err := r.Retire(ctx)
	if err != nil {
		return err
	}
	return (&Forgetting{r: r, own: own}).Await(ctx, patience)
}
