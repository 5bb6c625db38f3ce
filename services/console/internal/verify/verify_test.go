package verify

import (
	"context"
	unescape "html"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

const aKey = "gallra.se/ledger+43c809a3+AQECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g"

func pageOf(t *testing.T, key, language string) (http.Header, string) {
	t.Helper()
	mux := http.NewServeMux()
	(&Page{Key: func(context.Context) string { return key }, Language: func(*http.Request) string { return language }}).Routes(mux)
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, Path, nil))
	if w.Code != http.StatusOK {
		t.Fatal(w.Code)
	}
	return w.Header(), w.Body.String()
}

func TestThePageForbidsItselfEveryConnectionOnADiskToo(t *testing.T) {
	t.Parallel()
	for language := range languages {
		header, page := pageOf(t, aKey, language)
		said := header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "connect-src 'none'", "form-action 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(said, want) {
				t.Errorf("%s: %s", want, said)
			}
		}
		inside := regexp.MustCompile(`<meta http-equiv="Content-Security-Policy" content="([^"]*)">`).FindStringSubmatch(page)
		if inside == nil || unescape.UnescapeString(inside[1])+"; frame-ancestors 'none'" != said {
			t.Errorf("inside the page: %v", inside)
		}
		for what, inline := range map[string]string{"script": script, "style": style} {
			if !strings.Contains(page, "<"+what+">"+inline+"</"+what+">") || !strings.Contains(said, what+"-src '"+digest(inline)+"'") {
				t.Errorf("the %s is not the one that may run", what)
			}
		}
		if found := regexp.MustCompile(`(?:src|action)="[^"]*"|https?://`).FindAllString(page, -1); len(found) != 0 {
			t.Errorf("names %v", found)
		}
		if !strings.Contains(page, `<html lang="`+language+`">`) || header.Get("Content-Language") != language {
			t.Errorf("not in %s", language)
		}
	}
}

func TestTheKeyStandsInThePageAsItIs(t *testing.T) {
	t.Parallel()
	if _, page := pageOf(t, aKey, "en"); !strings.Contains(page, `value="`+strings.ReplaceAll(aKey, "+", "&#43;")+`"`) || !strings.Contains(page, english.KeyHint) {
		t.Error("the key is not there")
	}
	if _, page := pageOf(t, "", "en"); !strings.Contains(page, `value=""`) || !strings.Contains(page, "Paste the key") {
		t.Error("a missing key is not said to be missing")
	}
}

func TestNoWordIsMissingInEitherLanguage(t *testing.T) {
	t.Parallel()
	for tag, texts := range languages {
		v := reflect.ValueOf(texts)
		for i := range v.NumField() {
			if v.Field(i).Len() == 0 {
				t.Errorf("%s.%s", tag, v.Type().Field(i).Name)
			}
		}
	}
	if !slices.Equal(slices.Sorted(maps.Keys(english.Words)), slices.Sorted(maps.Keys(swedish.Words))) {
		t.Error("the languages have other words")
	}
	for _, m := range regexp.MustCompile(`\bword\("([a-z-]+)"\)|\["([a-z-]+)", is|^  ([a-z]+): \[\[`).FindAllStringSubmatch(script, -1) {
		code := m[1] + m[2]
		if m[3] != "" {
			code = "is-" + m[3]
		}
		if english.Words[code] == "" && !strings.HasSuffix(code, "-") {
			t.Errorf("the script says %q", code)
		}
	}
	for _, m := range regexp.MustCompile(`refuse\("([a-z]+)"\)|must\(.*, "([a-z]+)"\)`).FindAllStringSubmatch(script, -1) {
		if english.Words["why-"+m[1]+m[2]] == "" {
			t.Errorf("nothing says why: %q", m[1]+m[2])
		}
	}
}

func TestTheLedgerIsAskedForItsKeyOnceItHasAnswered(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	ledger := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.URL.Path != "/v1/ledger/key" || r.Header.Get("Authorization") != "" {
			t.Errorf("%s", r.URL.Path)
		}
		_, _ = w.Write([]byte(aKey + "\n"))
	}))
	t.Cleanup(ledger.Close)
	key := &LedgerKey{Base: ledger.URL, Client: ledger.Client()}
	for range 3 {
		if got := key.Get(t.Context()); got != aKey {
			t.Fatalf("%q", got)
		}
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

func TestWhatIsNoKeyStandsNowhere(t *testing.T) {
	t.Parallel()
	for what, said := range map[string]string{"a script": `"><script>alert(1)</script>`, "a problem": `{"status":503}`, "nothing": "",
		"two lines": aKey + "\n" + aKey, "much": strings.Repeat("x", 1<<20), "another algorithm": "a+12345678+AA=="} {
		ledger := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(said)) }))
		t.Cleanup(ledger.Close)
		key := &LedgerKey{Base: ledger.URL, Client: ledger.Client()}
		if got := key.Get(t.Context()); got != "" {
			t.Errorf("%s: %.80q", what, got)
		}
	}
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for _, base := range []string{"", gone.URL, "://"} {
		if got := (&LedgerKey{Base: base, Client: http.DefaultClient}).Get(t.Context()); got != "" {
			t.Errorf("%q: %q", base, got)
		}
	}
}
