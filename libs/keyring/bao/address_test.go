package bao

import (
	"reflect"
	"strings"
	"testing"
)

func TestAnAddressIsReadAndWritten(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Address{
		"https://bao.example:8200/transit":                                {Server: "https://bao.example:8200", Mount: "transit", Prefix: "gallra"},
		"http://127.0.0.1:8200/secrets/transit/?prefix=af&wrapped=/k":     {Server: "http://127.0.0.1:8200", Mount: "secrets/transit", Prefix: "af", Wrapped: []string{"/k"}},
		"https://bao.example/transit?wrapped=/a&wrapped=/b&namespace=x/y": {Server: "https://bao.example", Mount: "transit", Prefix: "gallra", Namespace: "x/y", Wrapped: []string{"/a", "/b"}},
	} {
		got, err := ParseAddress(text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
}

func TestAnAddressThatIsNoneIsRefusedWithWhatToGive(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "keys", "ftp://bao/transit", "https://", "https:///transit", "https://bao.example:8200", "https://bao.example:8200/", "https://bao.example/../transit",
		"https://bao.example/transit//x", "https://bao.example/transit%2fx", "https://bao.example/transit?prefix=", "https://bao.example/transit?prefix=A", "https://bao.example/transit?prefix=a--b",
		"https://bao.example/transit?prefix=a&prefix=b", "https://bao.example/transit?prefix=" + strings.Repeat("a", 65), "https://bao.example/transit?wrapped=",
		"https://bao.example/transit?token=s.x", "https://s.secret@bao.example/transit", "https://u:s.secret@bao.example/transit", "https://bao.example/transit#x",
		"https://bao.example/transit?namespace=", "https://bao.example/transit?namespace=a%0d%0aX:y", "https://bao.example/transit?%zz", "https://bao.example\x00/transit",
	} {
		_, err := ParseAddress(text)
		if err == nil || !strings.Contains(err.Error(), "MOUNT") || strings.Contains(err.Error(), "s.secret") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, seed := range []string{"https://bao.example:8200/transit?prefix=gallra&wrapped=/keystore", "http://[::1]:8200/a/b?namespace=x/&wrapped=%2F", "https://u:p@bao.example/transit"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := ParseAddress(text)
		if err != nil {
			return
		}
		again, err := ParseAddress(a.Text())
		if err != nil || !reflect.DeepEqual(a, again) {
			t.Errorf("%q is read as %+v and written as %q (%v)", text, a, a.Text(), err)
		}
		if strings.ContainsAny(a.Server+a.Mount+a.Prefix+a.Namespace, "@?# \r\n") {
			t.Errorf("%q is read as %+v", text, a)
		}
	})
}
