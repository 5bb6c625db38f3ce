package door

import "github.com/prometheus/client_golang/prometheus"

// Lines counts the lines that came to a service, by outcome: accepted, duplicate, abandoned, or the reason of the refusal.
func Lines() *prometheus.CounterVec {
	lines := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "gallra_lines_total", Help: "Lines that came in over HTTP and NATS, by outcome: accepted, duplicate, abandoned, or the reason of the refusal.",
	}, []string{"outcome"})
	for _, outcome := range []string{accepted, duplicate, abandoned} {
		lines.WithLabelValues(outcome)
	}
	return lines
}

// Counter is a Door's Count for Lines.
func Counter(lines *prometheus.CounterVec) func(outcome string) {
	return func(outcome string) { lines.WithLabelValues(outcome).Inc() }
}
