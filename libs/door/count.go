package door

import (
	"strings"

	"github.com/prometheus/client_golang/prometheus"
)

// Lines counts the lines that came to a service, by outcome: accepted, duplicate, abandoned, or the reason of the refusal.
func Lines(service string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "gallra_" + strings.ReplaceAll(service, "-", "_") + "_lines_total", Help: "Lines that came in, by outcome.",
	}, []string{"outcome"})
}

// Counter is a Door's Count for Lines.
func Counter(lines *prometheus.CounterVec) func(outcome string) {
	return func(outcome string) { lines.WithLabelValues(outcome).Inc() }
}
