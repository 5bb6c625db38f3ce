package keys

import (
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/keyring"
)

// Seal encrypts a row's coarse codes under the epoch's key.
func (e Epoch) Seal(row uuid.UUID, f events.StatisticsFields) ([]byte, error) {
	plain, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("encode row: %w", err)
	}
	box, err := e.unit.Seal(e.aad(row), plain)
	if err != nil {
		return nil, fmt.Errorf("encrypt row: %w", err)
	}
	return box, nil
}

// Open decrypts them.
func (e Epoch) Open(row uuid.UUID, box []byte) (f events.StatisticsFields, err error) {
	plain, err := e.unit.Open(e.aad(row), box)
	if err != nil {
		return f, fmt.Errorf("decrypt row: %w", err)
	}
	if err := json.Unmarshal(plain, &f); err != nil {
		return f, fmt.Errorf("decode row: %w", err)
	}
	return f, nil
}

func (e Epoch) aad(row uuid.UUID) keyring.AAD {
	return keyring.AAD{Authority: e.unit.Ref.Authority, Record: row, Category: category}
}
