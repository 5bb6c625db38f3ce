package clock

import "github.com/prometheus/client_golang/prometheus"

// Metrics tells what a business clock says, as this instance sees it.
func Metrics(b Business) prometheus.Collector { return measured{b} }

type measured struct{ Business }

var (
	simulatedMetric = prometheus.NewDesc("gallra_clock_simulated", "1 when the business time is simulated, 0 when it is the machine's.", nil, nil)
	businessMetric  = prometheus.NewDesc("gallra_clock_business_time_seconds", "Business time, in seconds since 1970.", nil, nil)
)

// Describe tells the descriptions.
func (measured) Describe(out chan<- *prometheus.Desc) { out <- simulatedMetric; out <- businessMetric }

// Collect reads the clock.
func (m measured) Collect(out chan<- prometheus.Metric) {
	simulated := 0.0
	if m.Simulated() {
		simulated = 1
	}
	out <- prometheus.MustNewConstMetric(simulatedMetric, prometheus.GaugeValue, simulated)
	out <- prometheus.MustNewConstMetric(businessMetric, prometheus.GaugeValue, float64(m.Now().UnixMilli())/1000)
}
