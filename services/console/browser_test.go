package console_test

import (
	"context"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

const browserTimeout = time.Minute

func TestThePageWorksInABrowserOnAPhoneAndWithAKeyboard(t *testing.T) {
	t.Parallel()
	s := start(t, boardRows, said)
	ctx := browser(t)
	do(t, ctx, chromedp.EmulateViewport(360, 740), chromedp.Navigate(s.url+"/?lang=en"))

	if overdue := run(t, ctx, chromedp.Text(`[data-test=overdue]`)); overdue != "0" {
		t.Errorf("overdue: %q", overdue)
	}
	if wide := run(t, ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`)); wide > 0 {
		t.Errorf("a phone must scroll sideways by %d pixels", wide)
	}
	if label := run(t, ctx, chromedp.Evaluate[string](`getComputedStyle(document.querySelector('[data-rule="AFC-10"] td.n'), '::before').content`)); label != `"Running"` {
		t.Errorf("on a phone a figure is labelled %s", label)
	}
	if styled := run(t, ctx, chromedp.Evaluate[bool](`document.styleSheets.length === 1 && document.styleSheets[0].cssRules.length > 20`)); !styled {
		t.Error("the style sheet is not applied")
	}
	do(t, ctx, chromedp.KeyEvent("\t"))
	if first := focused(t, ctx); first != "Skip to the promises" {
		t.Errorf("the first thing that the keyboard reaches is %q", first)
	}
	do(t, ctx, chromedp.KeyEvent("\t"), chromedp.KeyEvent("\r"), chromedp.WaitVisible(`html[lang=sv] h1`))
	if title := run(t, ctx, chromedp.Text(`h1`)); title != "Löftestavlan" {
		t.Errorf("the language link leads to %q", title)
	}
}

func TestNoPageScrollsSidewaysOnAPhone(t *testing.T) {
	t.Parallel()
	s := telling(t, told)
	ctx := browser(t)
	do(t, ctx, chromedp.EmulateViewport(360, 740))
	for _, path := range pages {
		for _, lang := range []string{"sv", "en"} {
			do(t, ctx, chromedp.Navigate(s.url+path+"?lang="+lang))
			if wide := run(t, ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`)); wide > 0 {
				t.Errorf("%s in %s: by %d pixels: %s", path, lang, wide, run(t, ctx, chromedp.Evaluate[string](widest)))
			}
		}
	}
}

// widest names what sticks out farthest.
const widest = `[...document.querySelectorAll('main *')].sort((a, b) => b.getBoundingClientRect().right - a.getBoundingClientRect().right)[0].outerHTML.slice(0, 200)`

func browser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no browser on this machine: apt-get install chromium")
	}
	ctx, cancel := context.WithTimeout(t.Context(), browserTimeout)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx, chromedp.WithAllocatorOptions(chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU))
	t.Cleanup(cancel)
	return ctx
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func run[T any](t *testing.T, ctx context.Context, a chromedp.Action[T]) T {
	t.Helper()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func focused(t *testing.T, ctx context.Context) string {
	t.Helper()
	return run(t, ctx, chromedp.Evaluate[string](`document.activeElement.textContent.trim()`))
}
