package delivery

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// ContentType of a delivery.
const ContentType = "application/json"

// Body is the canonical JSON of a delivery: sorted keys, no spaces, no escapes that JSON does not need, no line end.
// The same facts give the same bytes in every attempt. Only released fields get in, whatever else the holder sent.
func Body(authority, recipient string, released []string, fields map[string]json.RawMessage) ([]byte, error) {
	data := map[string]any{}
	for name, raw := range fields {
		if !slices.Contains(released, name) {
			continue
		}
		value, err := decode(raw)
		if err != nil {
			return nil, fmt.Errorf("decode field %s: %w", name, err)
		}
		data[name] = value
	}
	return encode(map[string]any{"authority": authority, "recipient": recipient, "fields": data})
}

func decode(raw json.RawMessage) (any, error) {
	var v any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		return nil, errNotJSON // the decoder's own error may quote the value
	}
	return v, nil
}

var errNotJSON = fmt.Errorf("not JSON")

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encode delivery: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
