package reference

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	cloudevents "github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/bus"
)

// deliver brings all that was decided: each key in its order, the keys in any, and some of it twice.
func (w *world) deliver() {
	if len(w.unsent) == 0 {
		return
	}
	queues := map[string][]event{}
	for _, e := range w.unsent {
		queues[e.key] = append(queues[e.key], e)
	}
	w.unsent = nil
	w.bed.Tx(func(tx pgx.Tx) error {
		for len(queues) > 0 {
			keys := slices.Sorted(maps.Keys(queues))
			key := keys[0]
			if len(keys) > 1 {
				key = oneOf(w, keys, "next key")
			}
			e := queues[key][0]
			w.bring(tx, e)
			if w.last[key] = e; w.within(0, 7, "twice") == 0 {
				w.bring(tx, e)
			}
			if queues[key] = queues[key][1:]; len(queues[key]) == 0 {
				delete(queues, key)
			}
		}
		return nil
	})
}

// again brings the latest fact of some key once more.
func (w *world) again() {
	if len(w.last) == 0 {
		return
	}
	e := w.last[oneOf(w, slices.Sorted(maps.Keys(w.last)), "key told again")]
	if e.what != recorded && !w.alive(e.key) {
		return // only the inbox knows what was told of what is forgotten
	}
	w.bed.Tx(func(tx pgx.Tx) error { w.bring(tx, e); return nil })
}

// alive says that something of the person or group is left.
func (w *world) alive(key string) bool {
	for _, l := range w.lives {
		l.look(w)
		for id, u := range l.r.units {
			if (u.person == key || u.group == key) && l.x[id].state != "gone" {
				return true
			}
		}
	}
	return false
}

func (w *world) bring(tx pgx.Tx, e event) {
	eventType, payload := wire(w.policy, e)
	w.apply(tx, eventType, e.key, payload)
}

func (w *world) apply(tx pgx.Tx, eventType, key string, payload any) {
	handle, known := w.bed.Desk.Handlers()[eventType]
	if !known {
		return
	}
	raw, err := json.Marshal(payload)
	if err != nil {
		w.fail("%s: %v", eventType, err)
	}
	id := number(key).String()
	ev := bus.Event{CE: cloudevents.New(), ID: uuid.New(), Type: eventType, Authority: w.policy.name, Key: id, Partition: bus.Partition(id)}
	ev.CE.SetTime(w.now)
	if err := ev.CE.SetData(cloudevents.ApplicationJSON, raw); err != nil {
		w.fail("%s: %v", eventType, err)
	}
	if err := handle(context.Background(), tx, ev); err != nil {
		w.fail("%s was not taken: %v", eventType, err)
	}
}
