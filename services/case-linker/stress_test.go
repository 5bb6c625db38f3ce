package caselinker_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
	"os"

	"gallra.se/libs/keyring"
)

func TestStress(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	first := instance{url: w.url, keys: w.keys}
	second := first
	if os.Getenv("ONE") == "" {
	second = w.join("2")
	w.shared(2)
	}
	const cases, notes = 20, 2000
	w.couples([]string{first.url, second.url}, cases)
	rng := rand.New(rand.NewPCG(1, 2))
	at := time.Now()
	for n := range notes {
		keys := []*keyring.Ring{first.keys, second.keys}[n%2]
		_, draft := w.sealedNote(keys, fmt.Sprint("AF-", rng.IntN(cases)))
		w.tell("contact", draft)
	}
	fmt.Println("told", time.Since(at), w.count(`SELECT count(*) FROM note`))
	w.until("every note is in its case", func() bool { return w.count(`SELECT count(*) FROM note`) == notes })
	fmt.Println("applied", time.Since(at), w.count(`SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()`))
}
