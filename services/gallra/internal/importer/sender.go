package importer

import (
	"context"

	"gallra.se/services/gallra/internal/client"
)

// Sender hands one line in and returns the verdict. An error means that no verdict was
// given; the line may or may not have been stored, and may be sent again.
type Sender interface {
	Send(ctx context.Context, line Line) (Verdict, error)
}

// verdictOf reads the answer to a line. Without a reason a refusal is no verdict but a
// fault of the system.
func verdictOf(a client.Answer) (Verdict, error) {
	if a.OK() {
		return Verdict{Duplicate: a.Duplicate(), Status: a.Status}, nil
	}
	refusal := a.Refusal()
	if refusal.Reason == "" || a.Status >= 500 || a.Status == 401 || a.Status == 429 {
		return Verdict{}, refusal
	}
	return Verdict{Reason: refusal.Reason, Status: a.Status}, nil
}
