package problem_test

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"gallra.se/libs/problem"
)

func TestAProblemNamesReasonAndFieldInOneDocument(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	problem.Write(w, problem.OnField("unknown-field", "shoeSize"))
	const want = `{"type":"urn:gallra:problem:unknown-field","title":"Unknown field","status":422,"reason":"unknown-field","field":"shoeSize"}`
	if w.Code != 422 || w.Body.String() != want || w.Header().Get("Content-Type") != problem.ContentType {
		t.Errorf("%d %s %s", w.Code, w.Header(), w.Body)
	}
}

func TestAFaultsCauseStaysInside(t *testing.T) {
	t.Parallel()
	p := problem.From(errors.New("password of the database"))
	if p.Status != 500 || p.Reason != problem.Internal || problem.Refused(errors.New("x")) {
		t.Errorf("%+v", p)
	}
}

func TestARefusalIsFoundThroughWrapping(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("disclose: %w", problem.ByRule("denied", "AFG-47"))
	if p := problem.From(err); p.Rule != "AFG-47" || p.Status != 403 || !problem.Refused(err) {
		t.Errorf("%+v", p)
	}
}

func TestUnavailableSaysWhenToComeBackRoundedUp(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	problem.Write(w, problem.Unavailable(1500*time.Millisecond))
	if w.Code != 503 || w.Header().Get("Retry-After") != "2" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}
