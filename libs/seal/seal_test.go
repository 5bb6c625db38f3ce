package seal_test

import (
	"bytes"
	"errors"
	"testing"

	"gallra.se/libs/seal"
	"pgregory.net/rapid"
)

func TestWhatIsSealedOpensForItsReceiverOnly(t *testing.T) {
	t.Parallel()
	public, private, err := seal.Generate()
	if err != nil {
		t.Fatal(err)
	}
	_, other, _ := seal.Generate()
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		aad := rapid.SliceOf(rapid.Byte()).Draw(t, "aad")
		box, err := seal.Seal(public, aad, plain)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := seal.Open(private, aad, box); err != nil || !bytes.Equal(back, plain) {
			t.Fatalf("open: %v", err)
		}
		if _, err := seal.Open(other, aad, box); !errors.Is(err, seal.ErrBox) {
			t.Fatalf("another key: %v", err)
		}
		if _, err := seal.Open(private, append(aad, 'x'), box); !errors.Is(err, seal.ErrBox) {
			t.Fatalf("other aad: %v", err)
		}
		bit := rapid.IntRange(0, len(box)*8-1).Draw(t, "bit")
		box[bit/8] ^= 1 << (bit % 8)
		if _, err := seal.Open(private, aad, box); !errors.Is(err, seal.ErrBox) {
			t.Fatalf("flipped bit: %v", err)
		}
	})
}

func TestACutBoxIsRefused(t *testing.T) {
	t.Parallel()
	public, private, _ := seal.Generate()
	box, _ := seal.Seal(public, nil, []byte("a note"))
	for _, n := range []int{0, 1, 1120, len(box) - 1} {
		if _, err := seal.Open(private, nil, box[:n]); !errors.Is(err, seal.ErrBox) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}
