package receipt_test

import (
	"crypto/ed25519"
	"testing"

	"gallra.se/services/ledger/receipt"
)

// BenchmarkVerify verifies receipts of a log of ten thousand leaves; the floor is
// the signature of the checkpoint alone.
func BenchmarkVerify(b *testing.B) {
	log := newLog(b, mixed(10_000)...)
	file := log.receipt(b, 4711)
	b.Run("receipts", func(b *testing.B) {
		for b.Loop() {
			if err := receipt.Verify(file, log.public); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "receipts/s")
	})
	b.Run("floor", func(b *testing.B) {
		public, private, err := ed25519.GenerateKey(nil)
		if err != nil {
			b.Fatal(err)
		}
		body := []byte(log.checkpoint(b, 10_000).Body())
		signature := ed25519.Sign(private, body)
		for b.Loop() {
			if !ed25519.Verify(public, body, signature) {
				b.Fatal("a good signature fails")
			}
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "receipts/s")
	})
}
