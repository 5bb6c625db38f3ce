package acceptance

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// browserTimeout is how long (Pace) one walk through the pages may take.
const browserTimeout = 3 * time.Minute

// tab is one of a browser that a test drives.
type tab struct {
	t    *testing.T
	ctx  context.Context
	base string
}

// openTab starts a browser with a window of this size.
func openTab(t *testing.T, base string, width, height int64) *tab {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no browser on this machine: apt-get install chromium")
	}
	ctx, cancel := context.WithTimeout(t.Context(), browserTimeout)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx, chromedp.WithAllocatorOptions(chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU))
	t.Cleanup(cancel)
	b := &tab{t, ctx, base}
	b.do(chromedp.EmulateViewport(width, height))
	return b
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

func ask[T any](b *tab, a chromedp.Action[T]) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, a)
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

// arrive does what leads to another page, and says with what status that came.
func (b *tab) arrive(steps ...chromedp.Action[chromedp.Void]) int {
	b.t.Helper()
	response, err := chromedp.RunResponse(b.ctx, steps...)
	if err != nil {
		b.t.Fatalf("from %s: %v", b.at(), err)
	}
	return int(response.Status)
}

func (b *tab) open(path string) int { b.t.Helper(); return b.arrive(chromedp.Navigate(b.base + path)) }
func (b *tab) click(sel string) int { b.t.Helper(); return b.arrive(chromedp.Click(sel)) }

// at is the path of the page.
func (b *tab) at() string {
	at, err := url.Parse(ask(b, chromedp.Location()))
	if err != nil {
		b.t.Fatal(err)
	}
	return at.Path
}

// says fails unless the page's text holds all of these.
func (b *tab) says(wants ...string) {
	b.t.Helper()
	text := ask(b, chromedp.Text("main"))
	for _, want := range wants {
		if !strings.Contains(text, want) {
			b.t.Errorf("%s does not say %q but\n%s", b.at(), want, text)
		}
	}
}

// login logs in as a persona, from wherever the login starts.
func (b *tab) login(persona string) {
	b.t.Helper()
	b.open("/officer?lang=en")
	if status := b.click(`button[value="` + persona + `"]`); status != http.StatusOK || b.at() != "/officer" {
		b.t.Fatalf("%s is not logged in: %d at %s", persona, status, b.at())
	}
	b.open("/officer?lang=en")
}

// purpose chooses one, and goes on.
func (b *tab) purpose(name string) {
	b.t.Helper()
	b.do(chromedp.SetValue("#purpose", name))
	b.click("main form button")
}

// find searches for somebody by number.
func (b *tab) find(number string) {
	b.t.Helper()
	b.open("/officer/find?lang=en")
	b.do(chromedp.SendKeys("#nationalId", number))
	b.click("main form button")
}

// logout ends the session.
func (b *tab) logout() {
	b.t.Helper()
	b.click("header form button")
	b.says("Nothing of what you saw is kept")
}

// screenshots is where pictures of the pages go, when they are wanted.
const screenshots = "GALLRA_SCREENSHOTS"

// picture keeps what the page looks like.
func (b *tab) picture(name string) {
	b.t.Helper()
	dir := os.Getenv(screenshots)
	if dir == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), ask(b, chromedp.FullScreenshot(100)), 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// sideways is by how many pixels the page is wider than the window.
func (b *tab) sideways() int {
	b.t.Helper()
	return ask(b, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`))
}
