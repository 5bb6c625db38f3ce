package serve

import (
	"runtime/debug"

	"github.com/prometheus/client_golang/prometheus"
)

// build is the metric that says which program this is.
func build() prometheus.Collector {
	version, revision, compiler := "unknown", "unknown", "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		version, compiler = info.Main.Version, info.GoVersion
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = s.Value
			}
		}
	}
	program := prometheus.NewGauge(prometheus.GaugeOpts{Name: "gallra_build_info", Help: "1, with the program's version.",
		ConstLabels: prometheus.Labels{"version": version, "revision": revision, "goversion": compiler}})
	program.Set(1)
	return program
}
