package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"gallra.se/libs/clock"
)

// How long (Pace) a patient client goes on without a single success, between which pauses
// it asks again, and how often it says that it waits.
const (
	patienceEnds = 2 * time.Minute
	firstPause   = 100 * time.Millisecond
	longestPause = 3 * time.Second
	sayAgain     = 15 * time.Second
)

// Patience makes calls again that change nothing when they are made again, while the
// system does not answer, or answers that the fault is its own, as it does while a part
// of it is started anew. A system that has not answered yet is not waited for: it may not
// be there at all. After two minutes without any success the last failure is told. What
// one of the calls that share it reaches, all have reached; nil makes each call once.
type Patience struct {
	note func(text string)

	mu      sync.Mutex
	reached bool      // there has been a success
	since   time.Time // the first failure after the last one; zero: none
	said    time.Time
}

// NewPatience lets note hear in words that it waits.
func NewPatience(note func(text string)) *Patience { return &Patience{note: note} }

// Patient is the same client, whose calls all change nothing when they are made again.
func (c *Client) Patient(p *Patience) *Client {
	other := *c
	other.patience = p
	return &other
}

// Insist makes a call until it is answered.
func (p *Patience) Insist(ctx context.Context, do func() (Answer, error)) (Answer, error) {
	if p == nil {
		return do()
	}
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		answer, err := do()
		why := failure(answer, err)
		if why == "" {
			p.succeeded()
			return answer, err
		}
		if ctx.Err() != nil || !p.goesOn(why) || clock.Sleep(ctx, pause) != nil {
			return answer, err
		}
	}
}

// failure is why a call may do better when it is made again, "" where it would not.
func failure(answer Answer, err error) string {
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &certificate):
		return ""
	case err != nil:
		return err.Error()
	case answer.Status >= http.StatusInternalServerError, answer.Status == http.StatusTooManyRequests:
		return answer.Refusal().Error()
	}
	return ""
}

func (p *Patience) succeeded() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.said.IsZero() {
		p.note("the system answers again")
	}
	p.reached, p.since, p.said = true, time.Time{}, time.Time{}
}

func (p *Patience) goesOn(why string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.reached {
		return false
	}
	now := clock.PaceNow()
	if p.since.IsZero() {
		p.since = now
	}
	waited := now.Sub(p.since)
	if waited > patienceEnds {
		return false
	}
	// What is over after a moment is not worth a word.
	if waited >= time.Second && now.Sub(p.said) >= sayAgain {
		p.note(fmt.Sprintf("%s: trying again for %s more", why, (patienceEnds - waited).Round(time.Second)))
		p.said = now
	}
	return true
}
