package e2e

import (
	"testing"
	"time"

	"gallra.se/libs/clock"
)

func TestANewBeginningOutlastsTheDeathOfWhoIsToBeEmptied(t *testing.T) {
	d := emptied(t, begin)
	earlier := time.Date(2019, 3, 1, 8, 0, 0, 0, time.UTC)
	for _, service := range []string{"intake", "ledger", "control"} {
		struck := make(chan error, 1)
		go func() {
			if err := clock.Sleep(t.Context(), outage/10); err != nil { // so that it falls within
				struck <- err
				return
			}
			struck <- away("kill", service).strike(t.Context())
		}()
		if err := d.api.Reset(t.Context(), earlier); err != nil {
			t.Logf("while %s dies: %v", service, err)
		}
		if err := <-struck; err != nil {
			t.Fatal(err)
		}
		if err := d.patient().Get(t.Context(), "", "/sim/clock", nil); err != nil {
			t.Fatal(err)
		}
		if err := d.api.Reset(t.Context(), earlier); err != nil {
			t.Fatalf("after the death of %s: %v", service, err)
		}
		summary, err := d.api.Summary(t.Context())
		if err != nil || len(summary.Stored)+len(summary.Living)+len(summary.Disposed) > 0 {
			t.Errorf("after the death of %s the services hold %+v %v", service, summary, err)
		}
		d.reconciles()
	}
}
