package caselinker

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"gallra.se/events"
)

// Access seals who read a contact and whom it is about, or fails when case-linker's key cannot be had.
func (s *Sealer) Access(ctx context.Context, authority string, entry uuid.UUID, who events.SealedAccess) (box []byte, keyID string, err error) {
	box, keyID, err = s.box(ctx, events.AccessAAD(authority, entry), who)
	if err != nil {
		return nil, "", fmt.Errorf("seal access: %w", err)
	}
	return box, keyID, nil
}
