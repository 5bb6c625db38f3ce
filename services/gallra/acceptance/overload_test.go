package acceptance

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/credentials"
	"gallra.se/services/gallra/internal/embedded"
	"gallra.se/services/gallra/internal/launch"
)

// Ten times the callers that fill the machine, each with some calls.
const (
	tooMany  = 640
	callsPer = 6
)

// mostMemory is what the whole system may take under any load: each instance admits so many requests and no more.
const mostMemory = 300 << 20

func TestTenTimesTheLoadIsRefusedInPartAndLosesNothing(t *testing.T) {
	t.Parallel()
	system, api := up(t, dataDir(t), "--empty")
	token := officersToken(t, system)
	caller := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: tooMany}}
	var accepted, refused atomic.Int64
	var peak atomic.Int64
	var all sync.WaitGroup
	for n := range tooMany {
		all.Go(func() {
			for m := range callsPer {
				switch status, after := oneCall(t, caller, system.URL, token, fmt.Sprintf("load-%d-%d", n, m)); {
				case status == http.StatusCreated:
					accepted.Add(1)
				case status == http.StatusServiceUnavailable && after == "1":
					refused.Add(1)
				default:
					t.Errorf("answered %d, Retry-After %q", status, after)
				}
				if n == 0 {
					peak.Store(max(peak.Load(), memoryOf(t, system)))
				}
			}
		})
	}
	all.Wait()
	if refused.Load() == 0 || accepted.Load() == 0 {
		t.Errorf("%d accepted, %d refused: the load was no overload", accepted.Load(), refused.Load())
	}
	t.Logf("%d accepted, %d refused, %d MB at most", accepted.Load(), refused.Load(), peak.Load()>>20)
	if peak.Load() > mostMemory {
		t.Errorf("%d MB of memory", peak.Load()>>20)
	}
	waitFor(t, "every accepted call has its clock", func() bool { return living(t, api) == accepted.Load() })
	reconciles(t, system)
}

func oneCall(t *testing.T, caller *http.Client, url, token, id string) (status int, retryAfter string) {
	now := time.Now().Format(time.RFC3339)
	line := fmt.Sprintf(`{"id":%q,"kind":"contact","at":%q,"authority":"arbetsformedlingen","channel":"phone","identified":false,"line":"national",`+
		`"endedAt":%q,"fields":{"phoneNumber":"070-1740605"}}`, id, now, now)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/v1/contacts", bytes.NewReader([]byte(line)))
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	request.Header = client.JSON()
	request.Header.Set("Authorization", "Bearer "+token)
	answer, err := caller.Do(request)
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode, answer.Header.Get("Retry-After")
}

func officersToken(t *testing.T, system *launch.System) string {
	t.Helper()
	key, err := credentials.ReadTokenKey(embedded.Layout{Dir: system.Dir}.TokenKey())
	if err != nil {
		t.Fatal(err)
	}
	token, err := bearer.Sign(key, bearer.Claims{Authority: "arbetsformedlingen", Name: "load", Roles: []string{"channel"}}, clock.PaceNow(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// waitFor returns when a condition holds that the system brings about by itself.
func waitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for !holds() {
		if err := clock.Sleep(ctx, 50*time.Millisecond); err != nil {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

func living(t *testing.T, api *client.Client) int64 {
	t.Helper()
	summary, err := api.Summary(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return summary.Living["contact.phone-log"]
}

// memoryOf is the resident memory of the process, in bytes.
func memoryOf(t *testing.T, system *launch.System) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", system.Pid()))
	if err != nil {
		t.Error(err)
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kB, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			if err != nil {
				t.Error(err)
			}
			return kB << 10
		}
	}
	return 0
}
