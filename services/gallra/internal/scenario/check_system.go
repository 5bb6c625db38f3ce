package scenario

import (
	"context"
	"fmt"
)

// droppedFields is the counter that the format has and the services keep by field.
const droppedFields = "dropped-fields"

func (r *run) counters(ctx context.Context) (map[string]int64, error) {
	summary, err := r.bench.Operator().Summary(ctx)
	if err != nil {
		return nil, fmt.Errorf("read counters: %w", err)
	}
	counters := map[string]int64{}
	for name, n := range summary.Counters {
		counters[name] = n
	}
	for _, n := range summary.Dropped {
		counters[droppedFields] += n
	}
	return counters, nil
}

// countersChanged compares each counter's change since the scenario began.
func (r *run) countersChanged(ctx context.Context, _ Step, value any) error {
	now, err := r.counters(ctx)
	if err != nil {
		return err
	}
	return each(value.(map[string]int), func(name string, want int) error {
		if found := now[name] - r.before[name]; found != int64(want) {
			return fmt.Errorf("expected %d, found %d", want, found)
		}
		return nil
	})
}

// absent wants the strings nowhere on the system's disk, however they are written.
func (r *run) absent(ctx context.Context, _ Step, value any) error {
	what := value.(Absent)
	texts := what.Strings
	if what.Canaries {
		texts = r.file.Canaries
	}
	finds, err := r.bench.Operator().Scan(ctx, texts)
	if err != nil {
		return fmt.Errorf("search the system's disk: %w", err)
	}
	if len(finds) > 0 {
		f := finds[0]
		return fmt.Errorf("string %d (%s) is in %s at %d, and %d more places", f.Needle+1, f.Form, f.File, f.Offset, len(finds)-1)
	}
	return nil
}
