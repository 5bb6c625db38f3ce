package transport

import (
	"maps"
	"slices"

	"gallra.se/libs/keyring"
)

// Wake has keys looked after now.
func (r *Receiver) Wake() {
	select {
	case r.signal() <- struct{}{}:
	default:
	}
}

func (r *Receiver) signal() chan struct{} {
	r.once.Do(func() { r.wake = make(chan struct{}, 1) })
	return r.wake
}

// waiting says that somebody waits for a key to go.
func (r *Receiver) waiting() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.urgent) > 0
}

// hurried are the keys that are to go without delay.
func (r *Receiver) hurried() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Collect(maps.Keys(r.urgent))
}

// forgetGone forgets what it knew of keys that are destroyed. A key that was
// retired after the look at those that are left is not taken for one: it is not
// among those that were hurried before.
func (r *Receiver) forgetGone(hurried []string, left []keyring.RetiredKey) {
	lives := map[string]bool{}
	for _, k := range left {
		lives[k.ID] = true
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range hurried {
		if !lives[id] {
			delete(r.urgent, id)
		}
	}
	maps.DeleteFunc(r.places, func(a asked, _ int64) bool { return !lives[a.keyID] })
}
