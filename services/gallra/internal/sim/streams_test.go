package sim

import (
	"errors"
	"fmt"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
)

func TestAStreamWhoseFilesAreStillBeingClearedAwayIsMadeALittleLater(t *testing.T) {
	t.Parallel()
	tries := 0
	err := again(t.Context(), func() error {
		if tries++; tries < 3 {
			return fmt.Errorf("provision: %w", &jetstream.APIError{Code: 500, ErrorCode: codeNoStore})
		}
		return nil
	})
	if err != nil || tries != 3 {
		t.Errorf("%v after %d tries", err, tries)
	}
	other := errors.New("another fault")
	if err := again(t.Context(), func() error { return other }); !errors.Is(err, other) {
		t.Errorf("%v", err)
	}
}
