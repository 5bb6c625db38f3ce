package door_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"gallra.se/libs/door"
)

// both runs a test with lines that are carried out one by one, and together.
func both(t *testing.T, f func(t *testing.T, d *desk, url string)) {
	t.Parallel()
	for name, many := range map[string]bool{"one by one": false, "together": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk()
			f(t, d, d.serve(t, many))
		})
	}
}

func TestAStreamIsAnsweredLineByLineInOrder(t *testing.T) {
	both(t, func(t *testing.T, d *desk, url string) {
		body := strings.Join([]string{line("a"), "", "  ", line("b") + "\r", line("a"), `{"id":"canary`,
			strings.Replace(line("c"), af, "te-customer-service", 1), strings.Repeat("x", door.MaxLine+1), strings.Repeat(" ", 3*door.MaxLine),
			strings.Replace(line("e"), "{", "{"+strings.Repeat(" ", door.MaxLine-len(line("e"))), 1), line("fault"), line("f")}, "\n")
		want := []string{"201 r-a", "201 r-b", "201 r-a again", "400 not-json", "403 forbidden", "413 too-large", "201 r-e", "500 internal", "201 r-f"}
		got := answers(t, url, body)
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("\n%q, want\n%q", got, want)
		}
		if d.ids() != "a b a e f" {
			t.Errorf("carried out: %s", d.ids())
		}
		if strings.Contains(d.log.String(), "canary") || d.outcomes["accepted"] != 4 || d.outcomes["duplicate"] != 1 || d.outcomes["too-large"] != 1 {
			t.Errorf("%v %s", d.outcomes, d.log.String())
		}
	})
}

func TestAStreamOfNothingGetsNoAnswer(t *testing.T) {
	both(t, func(t *testing.T, _ *desk, url string) {
		for _, body := range []string{"", "\n", "\r\n\r\n"} {
			if got := answers(t, url, body); len(got) != 0 {
				t.Errorf("%q: %v", body, got)
			}
		}
	})
}

func TestManyLinesAreAnsweredEachOnceInTheirOrder(t *testing.T) {
	both(t, func(t *testing.T, d *desk, url string) {
		var body, want []string
		for i := range 1000 {
			id := fmt.Sprint(i % 700)
			body = append(body, line(id))
			again := map[bool]string{true: " again"}[i >= 700]
			want = append(want, "201 r-"+id+again)
		}
		if got := answers(t, url, strings.Join(body, "\n")+"\n"); strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%d answers: %q", len(got), got)
		}
		for _, n := range d.together {
			if n > 100 {
				t.Errorf("%d lines at once", n)
			}
		}
		if len(d.together) > 500 {
			t.Errorf("%d batches for 1000 lines that lay there", len(d.together))
		}
	})
}

func TestALineIsAnsweredWhileTheBodyStillArrives(t *testing.T) {
	both(t, func(t *testing.T, _ *desk, url string) {
		in, out := io.Pipe()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, in)
		must(t, err)
		r.Header.Set("Content-Type", "application/x-ndjson")
		go func() { _, _ = io.WriteString(out, line("a")+"\n") }()
		res, err := http.DefaultClient.Do(r)
		must(t, err)
		defer res.Body.Close()
		said := bufio.NewScanner(res.Body)
		for i, id := range []string{"a", "b", "c"} {
			if i > 0 {
				_, err := io.WriteString(out, line(id)+"\n")
				must(t, err)
			}
			if !said.Scan() || !strings.Contains(said.Text(), "r-"+id) {
				t.Fatalf("line %s: %q %v", id, said.Text(), said.Err())
			}
		}
		must(t, out.Close())
		if said.Scan() {
			t.Errorf("also answered: %s", said.Text())
		}
	})
}

func TestASenderWhoBreaksOffHasSentItsWholeLinesAndNoHalfOne(t *testing.T) {
	both(t, func(t *testing.T, d *desk, url string) {
		conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		must(t, err)
		chunk := line("a") + "\n" + line("b") + "\n" + line("half") // whole but for its end
		_, err = fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n", len(chunk), chunk)
		must(t, err)
		said := bufio.NewReader(conn)
		for !strings.Contains(readLine(t, said), "r-b") {
		}
		must(t, conn.Close())
		<-d.ended
		if got := answers(t, url, line("c")); len(got) != 1 || got[0] != "201 r-c" {
			t.Errorf("the next sender: %v", got)
		}
		if ids := d.ids(); ids != "a b c" {
			t.Errorf("carried out: %s", ids)
		}
	})
}

func readLine(t *testing.T, r *bufio.Reader) string {
	t.Helper()
	text, err := r.ReadString('\n')
	must(t, err)
	return text
}

// answers are the answers to a stream, in short.
func answers(t *testing.T, url, body string) (short []string) {
	t.Helper()
	raw, res := send(t, url, strings.NewReader(body), "Content-Type", "application/x-ndjson")
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "application/x-ndjson" {
		t.Fatalf("%d %v", res.StatusCode, res.Header)
	}
	for one := range bytes.Lines(raw) {
		var said struct {
			Status     int
			ID, Reason string
			Duplicate  bool
		}
		must(t, json.Unmarshal(one, &said))
		text := fmt.Sprint(said.Status, " ", said.ID+said.Reason)
		if said.Duplicate {
			text += " again"
		}
		short = append(short, text)
	}
	return short
}
