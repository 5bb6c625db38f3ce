package e2e

import (
	"context"
	"strings"
	"testing"

	"gallra.se/libs/clock"
)

// scaled are the services of which two instances share the work.
var scaled = []string{"intake", "case-linker", "retention-timer"}

func TestTwoInstancesShareTheWorkAndOneOfThemMayDie(t *testing.T) {
	defer stopwatch(t, "all of it")()
	d := emptied(t, begin)
	d.doubled()
	var list []blow
	for n, service := range append(scaled, scaled...) {
		list = append(list, killed(d.containers(service)[n%2]))
	}
	survives(t, d, list)
	d.shares(scaled)
	inOrder(t, d)
}

// doubled starts a second instance of the scaled services until the test is over.
func (d deployment) doubled() {
	d.t.Helper()
	var more []string
	for _, service := range scaled {
		more = append(more, "--scale", service+"=2")
	}
	d.compose(append([]string{"up", "--detach", "--no-recreate"}, more...)...)
	d.t.Cleanup(func() {
		// The test's context is over by then.
		if _, err := composed(context.WithoutCancel(d.t.Context()), "up", "--detach", "--no-recreate"); err != nil {
			d.t.Error(err)
		}
	})
	d.shares(scaled)
}

func (d deployment) containers(service string) []string {
	d.t.Helper()
	names := strings.Fields(d.compose("ps", "--format", "{{.Name}}", service))
	if len(names) != 2 {
		d.t.Fatalf("%s has the containers %v", service, names)
	}
	return names
}

// shares waits until the instances of each service have shared its partitions out.
func (d deployment) shares(services []string) {
	d.t.Helper()
	for {
		var status struct{ Instances []clock.Report }
		if err := d.patient().Get(d.t.Context(), "", "/v1/status", &status); err != nil {
			d.t.Fatal(err)
		}
		of := map[string]int{}
		for _, report := range status.Instances {
			if report.Share.Of == 2 {
				of[report.Service]++
			}
		}
		waiting := 0
		for _, service := range services {
			if of[service] != 2 {
				waiting++
			}
		}
		if waiting == 0 && len(clock.Divided(status.Instances)) == 0 {
			return
		}
		if err := clock.Sleep(d.t.Context(), outage/10); err != nil {
			d.t.Fatalf("two instances of %v do not share: %+v", services, status.Instances)
		}
	}
}
