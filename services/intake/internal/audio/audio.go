// Package audio encrypts the chunks of recordings, each bound to its recording and its place: under another id, at another
// byte or at another time of the call it does not open. It stores nothing.
package audio

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"gallra.se/libs/keyring"
)

// Place is where a chunk lies: in bytes of the whole audio, and in the call.
type Place struct {
	AtByte      int64
	From, Until time.Duration
}

// Seal encrypts a chunk under the key of the recording's unit.
func Seal(unit *keyring.Unit, recording uuid.UUID, at Place, plain []byte) ([]byte, error) {
	box, err := unit.Seal(aad(unit, recording, at), plain)
	if err != nil {
		return nil, fmt.Errorf("encrypt audio of recording %s: %w", recording, err)
	}
	return box, nil
}

// Open decrypts a chunk.
func Open(unit *keyring.Unit, recording uuid.UUID, at Place, box []byte) ([]byte, error) {
	plain, err := unit.Open(aad(unit, recording, at), box)
	if err != nil {
		return nil, fmt.Errorf("decrypt audio of recording %s: %w", recording, err)
	}
	return plain, nil
}

// Digest recognises the same chunk again, for as long as the unit lives.
func Digest(unit *keyring.Unit, at Place, sum [32]byte) []byte {
	return unit.MAC("audio", fmt.Appendf(sum[:], "/%s", at.text()))
}

func aad(unit *keyring.Unit, recording uuid.UUID, at Place) keyring.AAD {
	return keyring.AAD{Authority: unit.Ref.Authority, Record: recording, Category: "audio/" + at.text()}
}

func (p Place) text() string {
	return fmt.Sprintf("%d/%d/%d", p.AtByte, p.From.Milliseconds(), p.Until.Milliseconds())
}
