package processes

import (
	"context"
	"log/slog"
	"slices"
	"sync"
)

// Set is the children of one parent.
type Set struct {
	executable string
	log        *slog.Logger

	mu      sync.Mutex
	order   []string
	kids    map[string]*kid
	ended   bool
	running sync.WaitGroup
}

// kid is a child with its present life, nil while it has none.
type kid struct {
	child Child
	life  *life
}

// NewSet starts nothing yet. executable is the file that children run.
func NewSet(executable string, children []Child, log *slog.Logger) *Set {
	s := &Set{executable: executable, log: log, kids: map[string]*kid{}}
	for _, c := range children {
		s.order = append(s.order, c.Name)
		s.kids[c.Name] = &kid{child: c}
	}
	return s
}

// Has says whether there is a child of this name.
func (s *Set) Has(name string) bool { return s.kids[name] != nil }

// Run starts all children and tends them until ctx ends; then it stops them, last
// started first.
func (s *Set) Run(ctx context.Context) error {
	defer s.stopAll()
	for _, name := range s.order {
		if err := s.Start(ctx, name); err != nil {
			return err
		}
	}
	<-ctx.Done()
	return nil
}

// Start starts a child that is stopped; one that runs is left alone.
func (s *Set) Start(ctx context.Context, name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.kids[name]
	if s.ended || k.life != nil {
		return nil
	}
	var err error
	if k.life, err = begin(s.executable, k.child); err != nil {
		k.life = nil
		return err
	}
	first := k.life
	s.running.Go(func() { s.tend(context.WithoutCancel(ctx), k, first) })
	return nil
}

// Kill ends a child hard and keeps it away.
func (s *Set) Kill(name string) {
	s.mu.Lock()
	k := s.kids[name]
	l := k.life
	k.life = nil
	s.mu.Unlock()
	if l != nil {
		l.kill()
	}
}

// tend waits for a child's life to end and gives it the next one, until somebody else
// has taken that life away.
func (s *Set) tend(ctx context.Context, k *kid, l *life) {
	for l != nil {
		<-l.exited
		if !s.owns(k, l) {
			return
		}
		s.log.Warn("service ended by itself and is started again", "name", k.child.Name)
		if pause(ctx) != nil {
			return
		}
		l = s.again(k, l)
	}
}

func (s *Set) owns(k *kid, l *life) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return k.life == l && !s.ended
}

// again gives a child its next life, nil when it is not to have one.
func (s *Set) again(k *kid, last *life) *life {
	s.mu.Lock()
	defer s.mu.Unlock()
	if k.life != last || s.ended {
		return nil
	}
	next, err := begin(s.executable, k.child)
	if err != nil {
		s.log.Error("service not started", "name", k.child.Name, "error", err.Error())
		next = nil
	}
	k.life = next
	return next
}

func (s *Set) stopAll() {
	s.mu.Lock()
	s.ended = true
	var lives []*life
	for _, name := range slices.Backward(s.order) {
		if l := s.kids[name].life; l != nil {
			lives = append(lives, l)
		}
	}
	s.mu.Unlock()
	for _, l := range lives {
		l.stop()
	}
	s.running.Wait()
}
