package importer

import (
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// Bar shows lines on a bar and the simulated day beside it.
type Bar struct {
	bar *progressbar.ProgressBar
	w   io.Writer
}

// NewBar makes a bar of the given number of lines.
func NewBar(w io.Writer, lines int) *Bar {
	return &Bar{w: w, bar: progressbar.NewOptions(lines,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription("importing"),
		progressbar.OptionShowCount(),
		progressbar.OptionSetWidth(30),
		progressbar.OptionThrottle(100*time.Millisecond))}
}

func (b *Bar) Line(n int)        { _ = b.bar.Set(n) }
func (b *Bar) Clock(t time.Time) { b.bar.Describe(t.UTC().Format(time.DateOnly)) }

// Done ends the bar's line.
func (b *Bar) Done() {
	_ = b.bar.Finish()
	_, _ = io.WriteString(b.w, "\n")
}

// Silent shows nothing.
type Silent struct{}

func (Silent) Line(int)        {}
func (Silent) Clock(time.Time) {}
