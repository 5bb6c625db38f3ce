package acceptance

import (
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	resource "go.opentelemetry.io/proto/otlp/resource/v1"
	"google.golang.org/protobuf/proto"
)

// collected is what services have sent by OTLP.
type collected struct {
	t      *testing.T
	server *httptest.Server
	mu     sync.Mutex
	bodies [][]byte
	spans  []span
}

type span struct{ Service, Instance, Name, Trace, Parent string }

// newCollector receives traces; a system that was stopped has sent them all.
func newCollector(t *testing.T) *collected {
	t.Helper()
	c := &collected{t: t}
	c.server = httptest.NewServer(c)
	t.Cleanup(c.server.Close)
	return c
}

// env tells a system to send its traces here.
func (c *collected) env() []string { return []string{"OTEL_EXPORTER_OTLP_ENDPOINT=" + c.server.URL} }

func (c *collected) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var said collector.ExportTraceServiceRequest
	if err == nil {
		err = proto.Unmarshal(body, &said)
	}
	if err != nil || r.URL.Path != "/v1/traces" {
		c.t.Errorf("%s: %v", r.URL.Path, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bodies = append(c.bodies, body)
	for _, part := range said.ResourceSpans {
		for _, scope := range part.ScopeSpans {
			for _, s := range scope.Spans {
				c.spans = append(c.spans, span{attribute(part.Resource, "service.name"), attribute(part.Resource, "service.instance.id"),
					s.Name, hex.EncodeToString(s.TraceId), hex.EncodeToString(s.ParentSpanId)})
			}
		}
	}
}

func attribute(r *resource.Resource, name string) string {
	for _, a := range r.Attributes {
		if a.Key == name {
			return a.Value.GetStringValue()
		}
	}
	return ""
}

// inTrace are "service: name" of the spans of one trace.
func (c *collected) inTrace(trace string) map[string]bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := map[string]bool{}
	for _, s := range c.spans {
		if s.Trace == trace {
			found[s.Service+": "+s.Name] = true
		}
	}
	return found
}
