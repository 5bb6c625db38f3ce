package verify

import (
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"gallra.se/libs/clock"
)

// LedgerKey asks the ledger for its public key, once: a log has one key for good.
type LedgerKey struct {
	Base   string // where the services' APIs are; "" for nowhere
	Client *http.Client

	mu    sync.Mutex
	known string
	asked time.Time // Pace
}

// How long (Pace) a page waits for the ledger, and how long it is not asked again
// after it did not answer.
const (
	patience = 2 * time.Second
	pause    = 5 * time.Second
)

// keyForm is the form in which the ledger writes it, NAME+HASH+KEY.
var keyForm = regexp.MustCompile(`^[!-*,-~]{1,128}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$`)

// Get is the key, "" when the ledger cannot be reached.
func (k *LedgerKey) Get(ctx context.Context) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.known == "" && k.Base != "" && clock.PaceNow().Sub(k.asked) > pause {
		k.known = k.ask(ctx)
		k.asked = clock.PaceNow()
	}
	return k.known
}

func (k *LedgerKey) ask(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, k.Base+"/v1/ledger/key", nil)
	if err != nil {
		return ""
	}
	answer, err := k.Client.Do(request)
	if err != nil {
		return ""
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 512))
	key := strings.TrimSpace(string(text))
	if err != nil || answer.StatusCode != http.StatusOK || !keyForm.MatchString(key) {
		return ""
	}
	return key
}
