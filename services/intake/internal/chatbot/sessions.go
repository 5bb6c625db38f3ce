package chatbot

import (
	"maps"
	"sync"
	"time"

	"gallra.se/libs/calendar"
)

// mostSessions is how many may be open at an instance: its memory has a bound.
const mostSessions = 10_000

// key is a session of an authority.
type key struct{ authority, session string }

// open is all that there is of a session: when it ends by itself, and what it is counted as.
type open struct {
	endsAt  time.Time
	counter string
	zone    *time.Location
}

// name of the counter of the month in which a session ends.
func (o open) name(endedAt time.Time) string {
	return o.counter + "/" + calendar.DateOf(endedAt, o.zone).String()[:len("2006-01")]
}

// sessions are those that are open, and how many have ended and are not counted yet.
type sessions struct {
	mu    sync.Mutex
	open  map[key]open
	ended map[string]int64 // counter → sessions
}

func newSessions() *sessions { return &sessions{open: map[key]open{}, ended: map[string]int64{}} }

// speak opens a session or keeps it open; ok is false when there are too many. One whose time is over has ended, and
// another begins.
func (s *sessions) speak(k key, o open, now time.Time) (fresh, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before, known := s.open[k]
	if known && !now.Before(before.endsAt) {
		s.end(k, before, before.endsAt)
		known = false
	}
	if !known && len(s.open) >= mostSessions {
		return false, false
	}
	s.open[k] = o
	return !known, true
}

// close ends a session; of one that is not open there is nothing to end.
func (s *sessions) close(k key, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o, known := s.open[k]; known {
		s.end(k, o, now)
	}
}

// expire ends the sessions whose time is over.
func (s *sessions) expire(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, o := range s.open {
		if !now.Before(o.endsAt) {
			s.end(k, o, o.endsAt)
		}
	}
}

// closeAll ends every session.
func (s *sessions) closeAll(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, o := range s.open {
		s.end(k, o, now)
	}
}

// end is called with the lock held.
func (s *sessions) end(k key, o open, at time.Time) {
	delete(s.open, k)
	s.ended[o.name(at)]++
}

// next is when the first session ends by itself.
func (s *sessions) next() (at time.Time, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.open {
		if !ok || o.endsAt.Before(at) {
			at, ok = o.endsAt, true
		}
	}
	return at, ok
}

func (s *sessions) uncounted() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.ended) > 0
}

// take returns what is to be counted, and forgets it.
func (s *sessions) take() map[string]int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := s.ended
	s.ended = map[string]int64{}
	return taken
}

// giveBack puts back what was taken and not counted.
func (s *sessions) giveBack(taken map[string]int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, n := range maps.All(taken) {
		s.ended[name] += n
	}
}
