package seal_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"gallra.se/libs/seal"
	"pgregory.net/rapid"
)

func TestBoxesOfOneSealerOpenEachByItselfAndForTheirReceiverOnly(t *testing.T) {
	t.Parallel()
	public, private, err := seal.Generate()
	if err != nil {
		t.Fatal(err)
	}
	_, other, _ := seal.Generate()
	sealer, err := seal.NewSealer(public)
	if err != nil {
		t.Fatal(err)
	}
	var opener seal.Opener
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		aad := rapid.SliceOf(rapid.Byte()).Draw(t, "aad")
		box := sealer.Seal(aad, plain)
		if bytes.Equal(box, sealer.Seal(aad, plain)) {
			t.Fatal("the same text gives the same box")
		}
		for name, open := range map[string]func(private, aad, box []byte) ([]byte, error){"anew": seal.Open, "remembered": opener.Open} {
			if back, err := open(private, aad, box); err != nil || !bytes.Equal(back, plain) {
				t.Fatalf("%s: %v", name, err)
			}
			if _, err := open(other, aad, box); !errors.Is(err, seal.ErrBox) {
				t.Fatalf("%s, another key: %v", name, err)
			}
			if _, err := open(private, append(aad, 'x'), box); !errors.Is(err, seal.ErrBox) {
				t.Fatalf("%s, other aad: %v", name, err)
			}
			bit := rapid.IntRange(0, len(box)*8-1).Draw(t, "bit")
			flipped := bytes.Clone(box)
			flipped[bit/8] ^= 1 << (bit % 8)
			if _, err := open(private, aad, flipped); !errors.Is(err, seal.ErrBox) {
				t.Fatalf("%s, flipped bit: %v", name, err)
			}
			if _, err := open(private, aad, box[:rapid.IntRange(0, len(box)-1).Draw(t, "cut")]); !errors.Is(err, seal.ErrBox) {
				t.Fatalf("%s, cut: %v", name, err)
			}
		}
	})
}

func TestAnOpenerReadsTheBoxesOfMoreSealersThanItRemembers(t *testing.T) {
	t.Parallel()
	public, private, _ := seal.Generate()
	var opener seal.Opener
	var boxes [][]byte
	for n := range 40 {
		sealer, err := seal.NewSealer(public)
		if err != nil {
			t.Fatal(err)
		}
		boxes = append(boxes, sealer.Seal(nil, fmt.Append(nil, n)))
	}
	for range 2 {
		for n, box := range boxes {
			if back, err := opener.Open(private, nil, box); err != nil || string(back) != fmt.Sprint(n) {
				t.Fatalf("box %d: %q %v", n, back, err)
			}
		}
		opener.Forget()
	}
	box, _ := seal.Seal(public, nil, []byte("a single one"))
	if back, err := opener.Open(private, nil, box); err != nil || string(back) != "a single one" {
		t.Fatalf("%q %v", back, err)
	}
}

func BenchmarkSeal(b *testing.B) {
	public, private, _ := seal.Generate()
	sealer, _ := seal.NewSealer(public)
	text, aad := []byte(`{"nationalId":"199001012385"}`), []byte("contact.recorded|a|b")
	var opener seal.Opener
	one, _ := seal.Seal(public, aad, text)
	many := sealer.Seal(aad, text)
	b.Run("one", func(b *testing.B) {
		for b.Loop() {
			_, _ = seal.Seal(public, aad, text)
		}
	})
	b.Run("many", func(b *testing.B) {
		for b.Loop() {
			_ = sealer.Seal(aad, text)
		}
	})
	b.Run("open one", func(b *testing.B) {
		for b.Loop() {
			_, _ = opener.Open(private, aad, one)
		}
	})
	b.Run("open many", func(b *testing.B) {
		for b.Loop() {
			_, _ = opener.Open(private, aad, many)
		}
	})
}
