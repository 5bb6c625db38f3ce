// Package verify is the page that checks a receipt of the ledger in the browser.
//
// It promises that a receipt goes nowhere: the page is one file with its script and
// its style inside, and forbids itself every connection. The script is as strict as
// package receipt of the ledger; a test compares their verdicts. Saved, the page
// works from a disk, with no system running.
//
// The ledger's public key stands in it as the ledger says it. Whoever does not take
// its word puts in the key that they have.
package verify

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net/http"
)

//go:embed verify.html
var html string

//go:embed verify.css
var style string

//go:embed verify.js
var script string

var layout = template.Must(template.New("verify").Parse(html))

// Path is where the page is.
const Path = "/verify"

// Page serves the page.
type Page struct {
	Key      func(context.Context) string // the ledger's public key; "" when it cannot be had
	Language func(*http.Request) string   // en or sv
}

// Routes adds the page. It is for anybody.
func (p *Page) Routes(mux *http.ServeMux) { mux.HandleFunc("GET "+Path, p.show) }

// policy lets the page's own script and style work, and nothing else: no
// connection, no form that is sent, nothing from elsewhere.
var policy = "default-src 'none'; connect-src 'none'; script-src '" + digest(script) + "'; style-src '" + digest(style) +
	"'; img-src data:; base-uri 'none'; form-action 'none'"

func digest(inline string) string {
	sum := sha256.Sum256([]byte(inline))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

type content struct {
	texts
	Policy    string
	Style     template.CSS
	Script    template.JS
	PublicKey string
}

func (p *Page) show(w http.ResponseWriter, r *http.Request) {
	words := languages[p.Language(r)]
	var page bytes.Buffer
	err := layout.Execute(&page, content{texts: words, Policy: policy, Style: template.CSS(style), Script: template.JS(script), PublicKey: p.Key(r.Context())})
	if err != nil {
		http.Error(w, "the page could not be made", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", policy+"; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept-Language")
	h.Set("Content-Language", words.Tag)
	_, _ = w.Write(page.Bytes())
}
