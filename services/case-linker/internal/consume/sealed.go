package consume

import (
	"context"
	"encoding/json"
	"errors"

	"gallra.se/libs/bus"
	"gallra.se/libs/keyring"
	"gallra.se/libs/seal"
)

// opened is what another service has sealed to this one. What does not open is refused for good: the event is parked.
func opened[T any](ctx context.Context, keys *keyring.Ring, what, keyID string, aad, box []byte) (content T, err error) {
	plain, err := keys.OpenSealed(ctx, keyID, aad, box)
	if errors.Is(err, keyring.ErrDestroyed) || errors.Is(err, keyring.ErrUnknown) || errors.Is(err, keyring.ErrBox) || errors.Is(err, seal.ErrBox) {
		return content, bus.Refuse(errors.New("the sealed " + what + " does not open"))
	}
	if err != nil {
		return content, err
	}
	defer clear(plain)
	if json.Unmarshal(plain, &content) != nil {
		return content, bus.Refuse(errors.New("the sealed " + what + " is not what was promised"))
	}
	return content, nil
}
