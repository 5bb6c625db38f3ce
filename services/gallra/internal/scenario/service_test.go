package scenario

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"gallra.se/services/gallra/internal/client"
)

const killing = `format: 1
id: SC-99
title: A service is away for a minute
promises: []
authority: arbetsformedlingen
steps:
  - {at: 2024-01-31 14:12, do: service.kill, with: {service: retention-timer}}
  - {at: 2024-01-31 14:13, do: service.start, with: {service: retention-timer}}
`

// stand is a system that moves its clock and notes what else it is asked for.
type stand struct {
	operator *client.Client
	asked    []string
}

func newStand(t *testing.T, status int) *stand {
	t.Helper()
	s := &stand{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/sim/") && r.URL.Path != "/sim/clock" {
			s.asked = append(s.asked, r.URL.Path)
			w.WriteHeader(status)
		}
		fmt.Fprint(w, `{"reason":"conflict"}`)
	}))
	t.Cleanup(server.Close)
	s.operator = client.With(server.URL)
	return s
}

func (s *stand) Operator() *client.Client                                  { return s.operator }
func (s *stand) As(string, string, []string, bool) (*client.Client, error) { return s.operator, nil }
func (s *stand) Close()                                                    {}

func TestAServiceIsKilledAndStartedThroughTheSimulation(t *testing.T) {
	t.Parallel()
	file, err := Decode("SC-99.yaml", []byte(killing))
	if err != nil {
		t.Fatal(err)
	}
	if !file.Kills() {
		t.Error("nobody sees that the file needs a process per service")
	}
	s := newStand(t, http.StatusOK)
	result := All(t.Context(), []*File{file}, 1, func(context.Context, *File) (Bench, error) { return s, nil }, &Lines{W: t.Output()}, nil)
	if result.Passed != 1 || !slices.Equal(s.asked, []string{"/sim/kill", "/sim/start"}) {
		t.Errorf("%+v after %v", result, s.asked)
	}
}

func TestAFileThatItsSystemCannotRunIsSkippedWithAReason(t *testing.T) {
	t.Parallel()
	file, err := Decode("SC-99.yaml", []byte(killing))
	if err != nil {
		t.Fatal(err)
	}
	s := newStand(t, http.StatusConflict)
	var reason error
	result := All(t.Context(), []*File{file}, 1, func(context.Context, *File) (Bench, error) { return s, nil }, &Lines{W: t.Output()},
		func(_ *File, err error) { reason = err })
	if result.Skipped != 1 || result.Failed != 0 || reason == nil || !strings.Contains(reason.Error(), "this system cannot do it: conflict") {
		t.Errorf("%+v: %v", result, reason)
	}
}
