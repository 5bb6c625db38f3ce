package api

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"gallra.se/libs/gauge"
	"gallra.se/services/retention-timer/internal/store"
)

var (
	dueMetric       = prometheus.NewDesc("gallra_retention_due_units", "Disposal units that are past their date, not held and not disposed of.", nil, nil)
	overdueMetric   = prometheus.NewDesc("gallra_retention_overdue_units", "Of these, units that should have been gone fifteen minutes ago.", nil, nil)
	oldestMetric    = prometheus.NewDesc("gallra_retention_oldest_due_seconds", "For how long the oldest of these has been due; 0: there is none.", nil, nil)
	holdsMetric     = prometheus.NewDesc("gallra_retention_holds", "Holds that are not released.", nil, nil)
	alarmsMetric    = prometheus.NewDesc("gallra_retention_alarms_open", "Open alarms, by name.", []string{"name"}, nil)
	goneMetric      = prometheus.NewDesc("gallra_retention_disposed_records_total", "Records that holders have said to be gone, by rule.", []string{"rule"}, nil)
	watermarkMetric = prometheus.NewDesc("gallra_retention_watermark_age_seconds",
		"Business time since the producer said that all before is published, by stream; +Inf: it has never said so.", []string{"stream"}, nil)
)

// Metrics are what a scrape sees of the promise. Labels are names, rules and streams, never ids.
func (a *API) Metrics() prometheus.Collector {
	return gauge.New(a.measure, dueMetric, overdueMetric, oldestMetric, holdsMetric, alarmsMetric, goneMetric, watermarkMetric)
}

func (a *API) measure(ctx context.Context) ([]prometheus.Metric, error) {
	var all []prometheus.Metric
	for _, part := range []func(context.Context) ([]prometheus.Metric, error){a.measureDue, a.measureHolds, a.measureAlarms, a.measureGone, a.measureWatermarks} {
		some, err := part(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

func (a *API) measureDue(ctx context.Context) ([]prometheus.Metric, error) {
	now, oldest := a.Clock.Now(), 0.0
	w, err := store.Wait(ctx, a.DB, now, now.Add(-grace))
	if !w.Oldest.IsZero() {
		oldest = now.Sub(w.Oldest).Seconds()
	}
	return []prometheus.Metric{gauge.Value(dueMetric, float64(w.Due)), gauge.Value(overdueMetric, float64(w.Overdue)), gauge.Value(oldestMetric, oldest)}, err
}

func (a *API) measureHolds(ctx context.Context) ([]prometheus.Metric, error) {
	n, err := store.ActiveHolds(ctx, a.DB)
	return []prometheus.Metric{gauge.Value(holdsMetric, float64(n))}, err
}

func (a *API) measureAlarms(ctx context.Context) (all []prometheus.Metric, err error) {
	open, err := store.OpenAlarms(ctx, a.DB)
	for _, name := range []string{store.BoundExceeded, store.WatermarkMissing} {
		all = append(all, gauge.Value(alarmsMetric, float64(open[name]), name))
	}
	return all, err
}

// measureGone tells of every rule whose clocks run here, also of those by which nothing went yet.
func (a *API) measureGone(ctx context.Context) (all []prometheus.Metric, err error) {
	gone, err := store.DisposedRecords(ctx, a.DB)
	known := map[string]bool{}
	for _, authority := range a.Policy.Authorities() {
		pack, _ := a.Policy.Pack(authority)
		for _, rule := range rulesOf(pack) {
			if !known[rule.ID] {
				known[rule.ID] = true
				all = append(all, gauge.Total(goneMetric, float64(gone[rule.ID]), rule.ID))
			}
		}
	}
	return all, err
}

func (a *API) measureWatermarks(ctx context.Context) (all []prometheus.Metric, err error) {
	ages, err := store.WatermarkAges(ctx, a.DB, a.Clock.Now())
	for stream, age := range ages {
		all = append(all, gauge.Value(watermarkMetric, age, stream))
	}
	return all, err
}
