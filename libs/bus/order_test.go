package bus_test

import (
	"encoding/json"
	"testing"

	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
)

func TestTheInboxTellsWhetherEventsWereAppliedInTheOrderOfTheirKey(t *testing.T) {
	w := newWorld(t, clock.Real())
	w.must(w.say("a", "b"))
	w.must(w.say("a"))
	w.relay()
	w.consume(record)
	w.until("all is applied", func() bool { return w.appliedCount() == 3 })
	if o := w.order(); o != (bus.Order{Events: 3}) {
		t.Errorf("%+v", o)
	}
	w.exec(w.consumer, `UPDATE bus_inbox SET version = 3 WHERE key = 'a' AND version = 1`)
	if o := w.order(); o != (bus.Order{Events: 3, Inverted: 1}) {
		t.Errorf("an event that overtook another is not found: %+v", o)
	}
}

func (w *world) order() (o bus.Order) {
	w.t.Helper()
	reply, err := w.nc.RequestWithContext(w.ctx, bus.SubjectOrder("case-linker"), nil)
	w.must(err)
	w.must(json.Unmarshal(reply.Data, &o))
	return o
}
