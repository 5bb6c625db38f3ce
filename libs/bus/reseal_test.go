package bus

import (
	"encoding/json"
	"testing"
)

// FuzzWithBox puts another box into whatever was parked: the rest of the event stays as it was, and a payload that is no
// event of ours is an error and no panic.
func FuzzWithBox(f *testing.F) {
	f.Add([]byte(`{"specversion":"1.0","id":"x","type":"t","source":"/s","keyid":"old","data":{"note":"n","sealed":"AA==","keyId":"old"}}`))
	f.Add([]byte(`{"data":null}`))
	f.Add([]byte(`{"data":[]}`))
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, event []byte) {
		anew := Box{Sealed: []byte("another box"), KeyID: "new"}
		changed, err := withBox(event, anew)
		if err != nil {
			return
		}
		var before, after map[string]json.RawMessage
		var box Box
		if json.Unmarshal(event, &before) != nil || json.Unmarshal(changed, &after) != nil || json.Unmarshal(after["data"], &box) != nil {
			t.Fatalf("%s became %s", event, changed)
		}
		if box.KeyID != anew.KeyID || string(box.Sealed) != string(anew.Sealed) {
			t.Fatalf("the box is %+v", box)
		}
		for name := range before {
			if _, kept := after[name]; !kept {
				t.Fatalf("%s is lost", name)
			}
		}
		if key, named := after["keyid"]; named && string(key) != `"new"` {
			t.Fatalf("the attribute says %s", key)
		}
	})
}
