package pseudonym

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// RFC 4231 section 4, HMAC-SHA-256.
func TestTheMACIsThatOfRFC4231(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, key, data, want string }{
		{"4.2", strings.Repeat("0b", 20), hex.EncodeToString([]byte("Hi There")),
			"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
		{"4.3", hex.EncodeToString([]byte("Jefe")), hex.EncodeToString([]byte("what do ya want for nothing?")),
			"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
		{"4.4", strings.Repeat("aa", 20), strings.Repeat("dd", 50),
			"773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
		{"4.5", "0102030405060708090a0b0c0d0e0f10111213141516171819", strings.Repeat("cd", 50),
			"82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
		{"4.6, cut to 128 bits", strings.Repeat("0c", 20), hex.EncodeToString([]byte("Test With Truncation")),
			"a3b6167473100ee06e0c796c2955552b"},
		{"4.7", strings.Repeat("aa", 131), hex.EncodeToString([]byte("Test Using Larger Than Block-Size Key - Hash Key First")),
			"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
		{"4.8", strings.Repeat("aa", 131), hex.EncodeToString([]byte("This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.")),
			"9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
	} {
		if got := NewKey(unhex(t, row.key)).mac(unhex(t, row.data)); !bytes.HasPrefix(got, unhex(t, row.want)) {
			t.Errorf("%s: %x", row.name, got)
		}
	}
}

func TestANameIs26CharactersThatNobodyConfuses(t *testing.T) {
	t.Parallel()
	for mac, want := range map[string]string{
		strings.Repeat("00", 16):           "00000000000000000000000000",
		strings.Repeat("ff", 16):           "ZZZZZZZZZZZZZZZZZZZZZZZZZW",
		"00112233445566778899aabbccddeeff": "008J4CT4ANK7F24SNAXWSQFEZW",
	} {
		if got := name(unhex(t, mac+"aabb")); got != want {
			t.Errorf("%s: %s", mac, got)
		}
	}
}

// Law: equal under one key exactly where the tokens are equal; unrelated under
// another key.
func TestPersonsAreEqualExactlyWhereTheirTokensAre(t *testing.T) {
	t.Parallel()
	token := rapid.Custom(func(t *rapid.T) Token {
		return Token(rapid.SliceOfN(rapid.ByteRange(0, 2), 16, 16).Draw(t, "token"))
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := token.Draw(t, "a"), token.Draw(t, "b")
		k, other := NewKey([]byte("one key")), NewKey([]byte("another key"))
		if (k.Person(a) == k.Person(b)) != (a == b) || k.Person(a) == other.Person(a) || k.Fresh(k.Person(a)) == k.Person(a) {
			t.Fatal("persons are confused")
		}
	})
}

func TestATokenIsThirtyTwoHexDigits(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "00", strings.Repeat("0", 31), strings.Repeat("0", 34), strings.Repeat("g", 32)} {
		if _, err := ParseToken(bad); err == nil || strings.Contains(err.Error(), "gg") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
