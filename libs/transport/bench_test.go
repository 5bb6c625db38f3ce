package transport

import "testing"

// BenchmarkALifeOfAKey is what a retirement costs, with one event under each key: made, noted, sealed to, relayed, applied,
// retired, settled, destroyed.
func BenchmarkALifeOfAKey(b *testing.B) {
	w := newWorld(b)
	w.senderAnswers()
	w.relay()
	w.running(w.consumer().Run)
	w.running(w.receiver.Run)
	for b.Loop() {
		w.say(w.key(), "one", "a")
		w.must(w.receiver.Rotate(w.ctx))
	}
}
