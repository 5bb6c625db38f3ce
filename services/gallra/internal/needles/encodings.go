package needles

import (
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
	"unicode/utf16"
)

// shortestEncoded is the length under which a base64 fragment says nothing: six
// characters of random base64 match by chance once in 69 thousand million places.
const shortestEncoded = 6

// Encoding is one way in which a spelling can lie in a file.
type Encoding struct {
	Name  string
	Bytes []byte
}

// Encodings returns the byte strings to look for: UTF-8, both UTF-16 byte orders,
// Latin-1, JSON escapes, hexadecimal in both cases and base64 in its three alignments
// with both alphabets.
func Encodings(spelling string) []Encoding {
	out := []Encoding{{"utf-8", []byte(spelling)}}
	out = append(out, utf16Forms(spelling)...)
	if latin, ok := latin1(spelling); ok {
		out = append(out, Encoding{"latin-1", latin})
	}
	if escaped := jsonEscapes(spelling); escaped != spelling {
		out = append(out, Encoding{"json escapes", []byte(escaped)})
	}
	lower := hex.EncodeToString([]byte(spelling))
	out = append(out, Encoding{"hex", []byte(lower)})
	if upper := strings.ToUpper(lower); upper != lower {
		out = append(out, Encoding{"hex", []byte(upper)})
	}
	return append(out, base64Forms(spelling)...)
}

func utf16Forms(s string) []Encoding {
	units := utf16.Encode([]rune(s))
	little, big := make([]byte, 0, 2*len(units)), make([]byte, 0, 2*len(units))
	for _, u := range units {
		little = append(little, byte(u), byte(u>>8))
		big = append(big, byte(u>>8), byte(u))
	}
	return []Encoding{{"utf-16le", little}, {"utf-16be", big}}
}

// latin1 answers false for text that is plain ASCII (found as UTF-8) or outside Latin-1.
func latin1(s string) ([]byte, bool) {
	out, foreign := make([]byte, 0, len(s)), false
	for _, r := range s {
		if r > 0xff {
			return nil, false
		}
		foreign = foreign || r > 0x7f
		out = append(out, byte(r))
	}
	return out, foreign
}

func jsonEscapes(s string) string {
	return strings.Trim(strconv.QuoteToASCII(s), `"`)
}

// base64Forms encodes the text behind zero, one and two foreign bytes and keeps only
// the characters that depend on nothing but the text.
func base64Forms(s string) []Encoding {
	var out []Encoding
	for shift := range 3 {
		padded := append(make([]byte, shift), s...)
		for _, alphabet := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			text := alphabet.EncodeToString(padded)
			first := (shift*8 + 5) / 6
			last := len(padded) * 8 / 6
			if last-first >= shortestEncoded {
				out = append(out, Encoding{"base64", []byte(text[first:last])})
			}
		}
	}
	return out
}
