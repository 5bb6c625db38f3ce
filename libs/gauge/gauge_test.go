package gauge

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

var waiting = prometheus.NewDesc("gallra_waiting", "Pieces of work that wait.", nil, nil)

func TestWhoeverScrapesOftenDoesNotReadOften(t *testing.T) {
	t.Parallel()
	n, now := 0, time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	r := New(func(context.Context) ([]prometheus.Metric, error) {
		n++
		return []prometheus.Metric{Value(waiting, float64(n))}, nil
	}, waiting)
	r.now = func() time.Time { return now }
	for _, step := range []struct {
		after time.Duration
		want  float64
	}{{0, 1}, {fresh - time.Millisecond, 1}, {time.Millisecond, 2}, {time.Second, 2}, {fresh, 3}} {
		now = now.Add(step.after)
		if got := testutil.ToFloat64(r); got != step.want {
			t.Errorf("after %s more: %v, want %v", step.after, got, step.want)
		}
	}
}

func TestWhatCannotBeReadIsNotToldAsItWas(t *testing.T) {
	t.Parallel()
	now, fault := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), error(nil)
	r := New(func(context.Context) ([]prometheus.Metric, error) {
		return []prometheus.Metric{Value(waiting, 7)}, fault
	}, waiting)
	r.now = func() time.Time { return now }
	metrics := prometheus.NewRegistry()
	metrics.MustRegister(r)
	if n, err := testutil.GatherAndCount(metrics); n != 1 || err != nil {
		t.Errorf("%d metrics, %v", n, err)
	}
	now, fault = now.Add(time.Minute), errors.New("no connection")
	if families, err := metrics.Gather(); err == nil || len(families) != 0 {
		t.Errorf("%v %v", families, err)
	}
	fault = nil
	if n, err := testutil.GatherAndCount(metrics); n != 1 || err != nil {
		t.Errorf("%d metrics, %v", n, err)
	}
}
