package figures

import "time"

// Moments looks at a system once at a line of an import and once at a time of its clock: it
// is the import's progress.
type Moments struct {
	AtLine  int
	OnLine  func()
	AtTime  time.Time
	OnClock func()

	line, clock bool
}

// Line is the import's.
func (m *Moments) Line(n int) {
	if m.OnLine != nil && n >= m.AtLine && !m.line {
		m.line = true
		m.OnLine()
	}
}

// Clock is the import's.
func (m *Moments) Clock(now time.Time) {
	if m.OnClock != nil && !now.Before(m.AtTime) && !m.clock {
		m.clock = true
		m.OnClock()
	}
}

// Reached says that all was looked at.
func (m *Moments) Reached() bool {
	return m.line == (m.OnLine != nil) && m.clock == (m.OnClock != nil)
}
