package acceptance

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/nats-io/nats.go"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/libs/logs"
	"gallra.se/libs/policy"
	"gallra.se/libs/serve"
	"gallra.se/services/console"
	"gallra.se/services/ledger/receipt"
)

// loggedLeaves is a log with a leaf of every kind, and receipts with one signature and with two.
type loggedLeaves struct {
	public, witness string
	plain, both     [][]byte
}

func signing(t *testing.T, name string) (note.Signer, string) {
	t.Helper()
	secret, public, err := note.GenerateKey(nil, name)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	return signer, public
}

func aLeaf(n int) receipt.Leaf {
	at := time.Date(2024, 2, 29, 22, 0, n%60, n*1000, time.UTC)
	leaf := receipt.Leaf{Record: fmt.Sprintf("2f0c1c9e-8a57-4c7e-9d5c-%012x", n), Authority: "arbetsformedlingen", Rule: "AFC-10", Policy: "2024-1"}
	commitment := bytes.Repeat([]byte{byte(n), 251}, 16)
	switch n % 4 {
	case 0:
		leaf.Kind, leaf.Category, leaf.Trigger, leaf.DueOn, leaf.Commitment = receipt.Disposed, "contact.phone-log", "contact-ended", "2024-02-29", commitment
		leaf.DueAt, leaf.RemovedAt, leaf.UnrecoverableAt = at, at.Add(400*time.Millisecond), at.Add(time.Second)
	case 1:
		leaf.Kind, leaf.Recipient, leaf.Decision, leaf.DeliveredAt = receipt.Delivered, "SE-KFM", "released", at
		leaf.Fields = [][]string{nil, {"name", "fund"}}[n/4%2]
	case 2:
		leaf.Kind, leaf.Archive, leaf.Records, leaf.SealedAt, leaf.Commitment = receipt.Sealed, "riksarkivet", int64(n), at, commitment
	case 3:
		leaf.Kind, leaf.Records, leaf.IssuedAt, leaf.Commitment = receipt.Extracted, int64(n), at, commitment
	}
	return leaf
}

func newLoggedLeaves(t *testing.T, size int) loggedLeaves {
	t.Helper()
	var hashes []tlog.Hash
	reader := tlog.HashReaderFunc(func(ids []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(ids))
		for i, id := range ids {
			out[i] = hashes[id]
		}
		return out, nil
	})
	for n := range size {
		text, err := aLeaf(n).Text()
		if err != nil {
			t.Fatal(err)
		}
		more, err := tlog.StoredHashes(int64(n), []byte(text), reader)
		if err != nil {
			t.Fatal(err)
		}
		hashes = append(hashes, more...)
	}
	var l loggedLeaves
	var log, witness note.Signer
	log, l.public = signing(t, receipt.Origin)
	witness, l.witness = signing(t, "tillsyn.example")
	root, err := tlog.TreeHash(int64(size), reader)
	if err != nil {
		t.Fatal(err)
	}
	for n := range size {
		proof, err := tlog.ProveRecord(int64(size), int64(n), reader)
		if err != nil {
			t.Fatal(err)
		}
		for into, witnesses := range map[*[][]byte][]note.Signer{&l.plain: nil, &l.both: {witness}} {
			checkpoint, err := receipt.Sign(int64(size), root, log, witnesses...)
			if err != nil {
				t.Fatal(err)
			}
			file, err := receipt.Format(receipt.Receipt{Leaf: aLeaf(n), Index: int64(n), Proof: proof, Checkpoint: checkpoint})
			if err != nil {
				t.Fatal(err)
			}
			*into = append(*into, file)
		}
	}
	return l
}

// pageServed runs a console alone, whose ledger says this key, and is its address and how often it was asked for anything.
func pageServed(t *testing.T, public string) (string, *atomic.Int32) {
	t.Helper()
	ledger := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, public) }))
	t.Cleanup(ledger.Close)
	l, err := serve.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, key, _ := ed25519.GenerateKey(nil)
	service, err := console.New(console.Deps{Listener: l, NC: &nats.Conn{}, Clock: clock.Real(), Policy: policy.Default(),
		Bearer: bearer.NewVerifier(key.Public().(ed25519.PublicKey)), Officers: console.Officers{API: ledger.URL}, Log: logs.New(io.Discard, console.Name)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- service.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	var asked atomic.Int32
	door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		answer, err := http.Get("http://" + l.Addr().String() + r.URL.RequestURI())
		if err != nil {
			t.Error(err)
			return
		}
		defer answer.Body.Close()
		for name, values := range answer.Header {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.StatusCode)
		_, _ = io.Copy(w, answer.Body)
	}))
	t.Cleanup(door.Close)
	return door.URL, &asked
}

// try is a file and the keys that it is checked with.
type try struct {
	File    string `json:"file"` // base64
	Key     string `json:"key"`
	Witness string `json:"witness"`
	bytes   []byte
}

func (y try) inGo() string {
	var witnesses []string
	if y.Witness != "" {
		witnesses = []string{y.Witness}
	}
	err := receipt.Verify(y.bytes, y.Key, witnesses...)
	for name, is := range map[string]error{"form": receipt.ErrForm, "signature": receipt.ErrSignature, "witness": receipt.ErrWitness, "proof": receipt.ErrProof} {
		if errors.Is(err, is) {
			return name
		}
	}
	if err != nil {
		return "key"
	}
	return ""
}

// tries are good receipts, the same with a bit flipped, a byte more, less or twice, and whatever somebody would try by hand.
func (l loggedLeaves) tries(random *rand.Rand) (all []try) {
	add := func(file []byte, key, witness string) {
		all = append(all, try{base64.StdEncoding.EncodeToString(file), key, witness, file})
	}
	for n := range l.plain {
		add(l.plain[n], l.public, "")
		add(l.both[n], l.public, "")
		add(l.both[n], l.public, l.witness)
		add(l.plain[n], l.public, l.witness)
		add(l.plain[n], l.witness, "")
		add(l.both[n], l.public, l.public)
		for range 40 {
			file := bytes.Clone([][]byte{l.plain[n], l.both[n]}[random.IntN(2)])
			at := random.IntN(len(file))
			switch random.IntN(8) {
			default:
				file[at] ^= 1 << random.IntN(8)
			case 0:
				file = append(file[:at], file[at+1:]...)
			case 1:
				file = append(file[:at], append([]byte{file[at]}, file[at:]...)...)
			case 2:
				file = file[:at]
			}
			add(file, l.public, []string{"", l.witness}[random.IntN(2)])
		}
	}
	for _, key := range []string{"", "x", "a+b+c", l.public[1:], l.public[:len(l.public)-1], strings.Replace(l.public, "+", "+0", 1), strings.ToUpper(l.public)} {
		add(l.plain[0], key, "")
		add(l.both[0], l.public, strings.TrimSpace(key))
	}
	for _, change := range [][2]string{
		{"2024-02-29\n", "2023-02-29\n"}, {"2024-02-29\n", "2024-13-01\n"}, {"2024-02-29\n", "0000-02-29\n"}, {"2024-02-29\n", "1900-02-29\n"}, {"T22:00", "T24:00"}, {"T22:00:00Z", "T22:00:60Z"},
		{"T22:00:00.4Z", "T22:00:00.40Z"}, {"T22:00:00.4Z", "T22:00:00,4Z"}, {"T22:00:00.4Z", "T22:00:00.4000001Z"}, {"T22:00:00.4Z", "T22:00:00.4+00:00"},
		{"T22:00:00.4Z", "T22:00:00.4z"}, {"removed-at: 2024", "removed-at: 0000"}, {"index: 0", "index: 00"}, {"index: 0", "index: +0"}, {"index: 0", "index: 9007199254740991"},
		{"index: 0", "index: 9007199254740992"}, {"index: 0", "index: 99999999999999999999"}, {"AFC-10", "AFC 10"}, {"AFC-10", " AFC-10"}, {"AFC-10", ""}, {"AFC-10", strings.Repeat("A", 256)},
		{"AFC-10", strings.Repeat("A", 257)}, {"AFC-10", "Ä"}, {"\n", "\r\n"}, {"receipt v1", "receipt v2"}, {"leaf: disposed", "leaf: constructor"}, {"leaf: disposed", "leaf: delivered"},
		{"gallra.se/ledger\n", "gallra.se/other\n"}, {"gallra.se/ledger\n", "gallra.se/\xff\n"}, {"— ", "- "}, {"\n— ", "\n\n— "}, {"2f0c", "2F0C"}, {"=\n", "\n"}, {"\ngallra", "\n\ngallra"}, {"gallra receipt", "\ufeffgallra receipt"},
	} {
		add(bytes.Replace(l.plain[0], []byte(change[0]), []byte(change[1]), 1), l.public, "")
		add(bytes.Replace(l.both[0], []byte(change[0]), []byte(change[1]), -1), l.public, l.witness)
	}
	for _, fields := range []string{"-", "", ",", "name", "name,", "-,name", "a,-", "a, b", "a b,c", "a,,b"} {
		add(bytes.Replace(l.plain[5], []byte("fields: name,fund"), []byte("fields: "+fields), 1), l.public, "")
	}
	first := bytes.Index(l.both[0], []byte("\n— "))
	second := bytes.LastIndex(l.both[0], []byte("\n— "))
	head, one, two := l.both[0][:first+1], l.both[0][first+1:second+1], l.both[0][second+1:]
	for _, file := range [][]byte{nil, {}, {'\n'}, make([]byte, 16<<10), make([]byte, 16<<10+1), bytes.Join([][]byte{head, two, one}, nil), bytes.Join([][]byte{head, one, one}, nil),
		bytes.Join([][]byte{head, one, two, two}, nil), head, append(bytes.Clone(l.plain[0]), '\n')} {
		add(file, l.public, "")
		add(file, l.public, l.witness)
	}
	return all
}

func TestThePageThatChecksReceiptsInTheBrowser(t *testing.T) {
	t.Parallel()
	log := newLoggedLeaves(t, 21)
	url, asked := pageServed(t, log.public)
	b := openTab(t, url, 360, 740)
	within := func(t *testing.T) *tab { own := *b; own.t = t; return &own }
	t.Run("comes to the program's verdicts", func(t *testing.T) { pageVerifiesWhatTheProgramVerifies(t, within(t), log, url, asked) })
	t.Run("works by hand, and from a disk", func(t *testing.T) { receiptIsCheckedByHand(t, within(t), log, url) })
	t.Run("is for everyone", func(t *testing.T) { pageIsForEveryone(t, within(t), log, url) })
}

// The script of the page and package receipt come to the same verdict, for the same reason, on good receipts and bad ones.
func pageVerifiesWhatTheProgramVerifies(t *testing.T, b *tab, log loggedLeaves, url string, asked *atomic.Int32) {
	b.do(chromedp.Navigate(url + "/verify?lang=en"))
	before := asked.Load()

	seed := rand.Uint64()
	tries := log.tries(rand.New(rand.NewPCG(seed, 0)))
	sent, err := json.Marshal(tries)
	if err != nil {
		t.Fatal(err)
	}
	verdicts := ask(b, chromedp.Evaluate[[]string](`(async tries => {
		const out = [];
		for (const {file, key, witness} of tries) {
			const v = await verify(Uint8Array.from(atob(file), c => c.charCodeAt(0)), key, witness);
			out.push(v.ok ? "" : v.reason);
		}
		return out;
	})(`+string(sent)+`)`, chromedp.EvalAwaitPromise))
	if len(verdicts) != len(tries) {
		t.Fatalf("%d verdicts on %d files", len(verdicts), len(tries))
	}
	seen := map[string]int{}
	for i, y := range tries {
		want := y.inGo()
		seen[want]++
		if verdicts[i] != want {
			t.Errorf("seed %d: the page says %q, the program %q:\n%q\n%s %s", seed, verdicts[i], want, y.bytes, y.Key, y.Witness)
		}
	}
	for _, verdict := range []string{"", "form", "signature", "witness", "proof", "key"} {
		if seen[verdict] < 5 {
			t.Errorf("only %d of %d files are %q", seen[verdict], len(tries), verdict)
		}
	}
	if asked.Load() != before {
		t.Error("the page asked somebody for something")
	}
	if said := ask(b, chromedp.Evaluate[string](`fetch("/verify").then(() => "went", () => "refused")`, chromedp.EvalAwaitPromise)); said != "refused" || asked.Load() != before {
		t.Errorf("a connection of the page %s", said)
	}
}

// Somebody with a phone and a keyboard checks receipts, on the page and on a saved copy of it.
func receiptIsCheckedByHand(t *testing.T, b *tab, log loggedLeaves, url string) {
	dir := t.TempDir()
	good, bad := filepath.Join(dir, "good.receipt"), filepath.Join(dir, "bad.receipt")
	spoiled := bytes.Replace(log.plain[4], []byte("AFC-10"), []byte("AFC-11"), 1)
	for path, file := range map[string][]byte{good: log.both[0], bad: spoiled} {
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	answer, err := http.Get(url + "/verify?lang=sv")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	saved := filepath.Join(dir, "gallra-verify.sv.html")
	if err := os.WriteFile(saved, page, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{url + "/verify?lang=en", "file://" + saved} {
		b.do(chromedp.Navigate(at), chromedp.WaitVisible(`#form`), chromedp.SetUploadFiles(`#files`, []string{good, bad}), chromedp.Focus(`#witness`), chromedp.KeyEvent("\r"),
			chromedp.WaitVisible(`#results li:nth-child(2)`))
		if got := ask(b, chromedp.Evaluate[[]string](`[...document.querySelectorAll('#results li')].map(li => li.dataset.verdict)`)); len(got) != 2 || got[0] != "verified" || got[1] != "proof" {
			t.Errorf("%s: %v", at, got)
		}
		if text := ask(b, chromedp.Text(`#results li`)); !strings.Contains(text, "2f0c1c9e-8a57-4c7e-9d5c-000000000000") || !strings.Contains(text, "tillsyn.example") {
			t.Errorf("%s: %s", at, text)
		}
		if wide := ask(b, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`)); wide > 0 {
			t.Errorf("%s: a phone must scroll sideways by %d pixels", at, wide)
		}
	}
	if text := ask(b, chromedp.Text(`#said`)); text != "1 av 2 stämmer." {
		t.Errorf("%q", text)
	}
	if links := ask(b, chromedp.Evaluate[int](`[...document.querySelectorAll('a[href^="/"]')].filter(a => a.offsetParent).length`)); links != 0 {
		t.Errorf("a saved page shows %d links that lead nowhere", links)
	}
	if first := ask(b, chromedp.Evaluate[string](`document.querySelector('a').textContent`)); first != "Hoppa till kontrollen" {
		t.Errorf("the keyboard reaches %q first", first)
	}
}

func pageIsForEveryone(t *testing.T, b *tab, log loggedLeaves, url string) {
	text := axe(t)
	receipt := filepath.Join(t.TempDir(), "a.receipt")
	if err := os.WriteFile(receipt, log.plain[0], 0o600); err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"sv", "en"} {
		b.do(chromedp.Navigate(url+"/verify?lang="+lang), chromedp.WaitVisible(`#form`))
		b.accessible(text, "the empty page in "+lang)
		b.do(chromedp.SetUploadFiles(`#files`, []string{receipt}), chromedp.Click(`#form p > button`), chromedp.WaitVisible(`#results li`))
		b.accessible(text, "the page with a verdict in "+lang)
	}
}
