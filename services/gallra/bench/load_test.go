package bench_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gallra.se/services/gallra/internal/client"
)

const (
	authority = "arbetsformedlingen"
	// lines go as streams of so many at most, from so many senders.
	aStream = 500
	senders = 32
)

// load fills a system through its door with records that are due at one midnight, and returns how many: of twenty,
// sixteen calls, one identity, one case file and two notes that officers took in calls.
func load(b *testing.B, w world, records int) int {
	b.Helper()
	persons := max(1, records/20)
	calls := 16 * persons
	for _, step := range []struct {
		path string
		n    int
		line func(n int) any
	}{
		{"/v1/persons", persons, registered},
		{"/v1/cases", persons, opened},
		{"/v1/contacts", calls, func(n int) any { return called(n, persons) }},
		{"/v1/persons", persons, deregistered},
		{"/v1/cases", persons, closed},
	} {
		start := time.Now()
		send(b, w.api, step.path, step.n, step.line)
		b.Logf("%d lines to %s: %.0f/s", step.n, step.path, rate(step.n, start))
	}
	advance(b, w, eve) // settles
	return calls + 2*persons + 2*persons
}

func send(b *testing.B, api *client.Client, path string, n int, line func(n int) any) {
	b.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	part := max(1, min(aStream, n/senders))
	for range senders {
		wg.Go(func() {
			for {
				from := int(next.Add(int64(part))) - part
				if from >= n {
					return
				}
				if err := stream(b, api, path, from, min(n, from+part), line); err != nil {
					b.Errorf("lines from %d to %s: %v", from, path, err)
					return
				}
			}
		})
	}
	wg.Wait()
	if b.Failed() {
		b.FailNow()
	}
}

// stream sends lines and wants each to be accepted.
func stream(b *testing.B, api *client.Client, path string, from, to int, line func(n int) any) error {
	var body bytes.Buffer
	for n := from; n < to; n++ {
		text, err := json.Marshal(line(n))
		if err != nil {
			return err
		}
		body.Write(append(text, '\n'))
	}
	answer, err := api.Do(b.Context(), client.Call{Authority: authority, Method: http.MethodPost, Path: path,
		Header: http.Header{"Content-Type": {"application/x-ndjson"}}, Body: body.Bytes()})
	if err != nil {
		return err
	}
	if accepted := bytes.Count(answer.Body, []byte(`{"status":201`)); accepted != to-from {
		return fmt.Errorf("%d of %d accepted: %.300s", accepted, to-from, answer.Body)
	}
	return nil
}

func registered(n int) any {
	return map[string]any{"id": fmt.Sprint("r-", n), "kind": "person.registered", "at": "2022-01-10T09:00:00+01:00", "authority": authority,
		"person": map[string]string{"nationalId": number(n), "name": "Anna Kanarie", "address": "Provgatan 1, 172 00 Provstad"}}
}

func opened(n int) any {
	return map[string]any{"id": fmt.Sprint("o-", n), "kind": "case.opened", "at": "2022-01-10T10:00:00+01:00", "authority": authority,
		"case": caseNumber(n), "type": "job-seeking", "persons": []string{number(n)}}
}

// called is a telephone call; of eight, one in which an officer took a note for a case.
func called(n, persons int) any {
	at := "2023-02-15T10:00:00+01:00"
	call := map[string]any{"id": fmt.Sprint("c-", n), "kind": "contact", "at": at, "authority": authority, "channel": "phone",
		"identified": true, "line": "national", "startedAt": "2023-02-15T09:50:00+01:00", "endedAt": at,
		"fields": map[string]string{"phoneNumber": "+46701740605", "name": "Anna Kanarie", "nationalId": number(n % persons)}}
	if n < 2*persons {
		call["note"] = map[string]any{"case": caseNumber(n % persons), "relevant": true, "text": "Vill veta när nästa möte är och om hen kan delta på distans."}
	}
	return call
}

func deregistered(n int) any {
	return map[string]any{"id": fmt.Sprint("d-", n), "kind": "person.deregistered", "at": "2023-02-20T09:00:00+01:00", "authority": authority,
		"nationalId": number(n), "effective": "2022-03-15", "reason": "employment"}
}

func closed(n int) any {
	return map[string]any{"id": fmt.Sprint("e-", n), "kind": "case.closed", "at": "2023-02-20T10:00:00+01:00", "authority": authority,
		"case": caseNumber(n), "effective": "2023-02-20", "reason": "employment"}
}

func caseNumber(n int) string { return fmt.Sprintf("AF-BENCH-%d", n) }

// number is the nth test number of those that no person bears: birth numbers 980 to 999.
func number(n int) string {
	const perDay = 20
	day := time.Date(1960, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n/perDay)
	digits := day.Format("060102") + fmt.Sprint(980+n%perDay)
	sum := 0
	for i, d := range digits {
		product := int(d-'0') * (2 - i%2)
		sum += product/10 + product%10
	}
	return fmt.Sprintf("%s%s%d", day.Format("2006")[:2], digits, (10-sum%10)%10)
}
