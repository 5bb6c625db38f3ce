package door

import (
	"bytes"
	"net/http"
	"testing"

	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
)

func FuzzCloudEvent(f *testing.F) {
	const line = `{"id":"a","kind":"contact"}`
	for _, body := range []string{
		`{"specversion":"1.0","id":"x","source":"/test","type":"se.gallra.input.contact.v1","datacontenttype":"application/json","data":` + line + `}`,
		`{"specversion":"1.0","id":"x","source":"/test","type":"se.gallra.input.contact.v1","data_base64":"e30="}`,
		`{"specversion":"0.3","id":"x","source":"/test","type":"se.gallra.input.case.v1","data":"` + "\xff" + `"}`,
		`{"data":{},"data":{}}`, line, `[]`, ``,
	} {
		f.Add([]byte(body), "1.0", "x", "/test", "se.gallra.input.contact.v1")
	}
	f.Fuzz(func(t *testing.T, body []byte, version, id, source, eventType string) {
		data, err := structured(body)
		wellRefused(t, err)
		if err == nil {
			if members, whole := strict.Object(body); !whole || members["data"] != nil && !bytes.Equal(members["data"], data) {
				t.Fatalf("%q holds another line than %q", body, data)
			}
		}
		h := http.Header{}
		for name, value := range map[string]string{"Ce-Specversion": version, "Ce-Id": id, "Ce-Source": source, "Ce-Type": eventType} {
			h.Set(name, value)
		}
		data, err = binary(h, body)
		wellRefused(t, err)
		if err == nil && !bytes.Equal(data, body) {
			t.Fatalf("%q became %q", body, data)
		}
	})
}

// wellRefused wants a refusal and no fault.
func wellRefused(t *testing.T, err error) {
	if err != nil && (!problem.Refused(err) || problem.From(err).Status >= http.StatusInternalServerError) {
		t.Fatalf("refused with %v", err)
	}
}
