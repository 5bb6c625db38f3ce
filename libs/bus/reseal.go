package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// A parked event outlives the transport key that its box is sealed to: before that key goes, the box is sealed anew to the
// key that has taken its place. Payloads hold a box as "sealed" and its key's id as "keyId"; the event's attribute keyid is
// the same.

// Box is what an event's payload holds for one reader.
type Box struct {
	Sealed []byte `json:"sealed"`
	KeyID  string `json:"keyId"`
}

// Resealed is what ResealParked has its caller do: the content of box under another key. ok is false for a box that does
// not open and is left as it is.
type Resealed func(ctx context.Context, ev Event, box Box) (anew Box, ok bool, err error)

// ResealParked gives each parked event whose box is sealed to a key a new one. When it returns nil, no parked event needs
// that key any more.
func ResealParked(ctx context.Context, db DB, keyID string, reseal Resealed) error {
	rows, err := db.Query(ctx, `SELECT id, stream, payload FROM bus_parked WHERE position($1::bytea IN payload) > 0 ORDER BY id`, []byte(keyID))
	if err != nil {
		return fmt.Errorf("look at parked events: %w", err)
	}
	parked, err := pgx.CollectRows(rows, pgx.RowToStructByPos[parkedRow])
	if err != nil {
		return fmt.Errorf("look at parked events: %w", err)
	}
	for _, p := range parked {
		if err := p.reseal(ctx, db, keyID, reseal); err != nil {
			return fmt.Errorf("seal parked event %d anew: %w", p.ID, err)
		}
	}
	return nil
}

type parkedRow struct {
	ID      int64
	Stream  string
	Payload []byte
}

func (p parkedRow) reseal(ctx context.Context, db DB, keyID string, reseal Resealed) error {
	var box Box
	ev, err := decode(p.Stream, "", 0, p.Payload)
	if err != nil || json.Unmarshal(ev.CE.Data(), &box) != nil || box.KeyID != keyID || len(box.Sealed) == 0 {
		return nil // it names the key somewhere, and holds no box of it
	}
	anew, ok, err := reseal(ctx, ev, box)
	if err != nil || !ok {
		return err
	}
	payload, err := withBox(p.Payload, anew)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, `UPDATE bus_parked SET payload = $2 WHERE id = $1 AND payload = $3`, p.ID, payload, p.Payload)
	return err
}

// withBox is a structured CloudEvent with another box in its payload, and all else as it was.
func withBox(event []byte, box Box) ([]byte, error) {
	var outer, data map[string]json.RawMessage
	if err := json.Unmarshal(event, &outer); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(outer["data"], &data); err != nil {
		return nil, err
	}
	if data == nil {
		return nil, errors.New("the event has no payload")
	}
	var err error
	if data["sealed"], err = json.Marshal(box.Sealed); err != nil {
		return nil, err
	}
	if data["keyId"], err = json.Marshal(box.KeyID); err != nil {
		return nil, err
	}
	if _, named := outer["keyid"]; named {
		outer["keyid"] = data["keyId"]
	}
	if outer["data"], err = json.Marshal(data); err != nil {
		return nil, err
	}
	return json.Marshal(outer)
}
