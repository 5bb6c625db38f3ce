package importer

import (
	"encoding/json"
	"testing"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/bus/bustest"
	"gallra.se/services/gallra/internal/client"
)

func TestOverNATSALineGoesToTheSubjectOfItsAuthorityAndKind(t *testing.T) {
	t.Parallel()
	nc := bustest.Server(t, "bench")
	seen := make(chan string, 16)
	_, err := nc.Subscribe("in.>", func(m *nats.Msg) {
		seen <- m.Subject
		reply := nats.NewMsg(m.Reply)
		switch m.Subject {
		case "in.unknown.contact":
			reply.Data = []byte(`{"status":422,"reason":"unknown-authority"}`)
		case "in.arbetsformedlingen.person":
			reply.Data = []byte(`{"id":"x"}`)
			reply.Header.Set(client.DuplicateHeader, "true")
		default:
			reply.Data = []byte(`{"id":"x"}`)
		}
		_ = m.RespondMsg(reply)
	})
	if err != nil {
		t.Fatal(err)
	}
	sender := NATS{Conn: nc, Authorities: []string{"arbetsformedlingen", "te-customer-service"}}
	for _, c := range []struct {
		line    map[string]string
		subject string
		verdict Verdict
	}{
		{map[string]string{"kind": "contact", "authority": "te-customer-service"}, "in.te-customer-service.contact", Verdict{Status: 201}},
		{map[string]string{"kind": "person.registered", "authority": "arbetsformedlingen"}, "in.arbetsformedlingen.person", Verdict{Status: 201, Duplicate: true}},
		{map[string]string{"kind": "case.closed", "authority": "arbetsformedlingen"}, "in.arbetsformedlingen.case", Verdict{Status: 201}},
		{map[string]string{"kind": "contact", "authority": "ministry.of > magic"}, "in.unknown.contact", Verdict{Status: 422, Reason: "unknown-authority"}},
	} {
		raw, err := json.Marshal(c.line)
		if err != nil {
			t.Fatal(err)
		}
		verdict, err := sender.Send(t.Context(), Read(1, raw))
		if err != nil || verdict != c.verdict {
			t.Errorf("%v: %+v %v, want %+v", c.line, verdict, err, c.verdict)
		}
		if subject := <-seen; subject != c.subject {
			t.Errorf("%v went to %s", c.line, subject)
		}
	}
}
