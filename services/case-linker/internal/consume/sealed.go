package consume

import (
	"context"
	"encoding/json"
	"errors"

	"gallra.se/events"
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

// AAD is what the box of an event is bound to that another service seals to this one.
func AAD(ev bus.Event) (aad []byte, ok bool) {
	switch ev.Type {
	case events.TypeContactNoted:
		var said events.ContactNoted
		err := ev.Into(&said)
		return events.NotedAAD(ev.Authority, said.Note), err == nil
	case events.TypeAccessLogged:
		var said events.AccessLogged
		err := ev.Into(&said)
		return events.AccessAAD(ev.Authority, said.Entry), err == nil
	case events.TypeContactRecorded, events.TypeRecordingStarted, events.TypeComplaintOpened, events.TypeGroupJoined:
		said, err := identityIn(ev)
		return events.RecordedAAD(ev.Authority, said.contact), err == nil
	}
	return nil, false
}
