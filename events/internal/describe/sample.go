package describe

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/google/uuid"

	"gallra.se/events"
)

// Sample is a whole CloudEvent with every field of the data filled in. A sample that exists is never made again: it
// is what a consumer was promised.
func Sample(e events.Entry) ([]byte, error) {
	data := reflect.New(reflect.TypeOf(e.Payload)).Elem()
	fill(data)
	event := map[string]any{
		"specversion":     "1.0",
		"id":              sampleID("event " + e.Type).String(),
		"source":          "/gallra/arbetsformedlingen/" + e.Sources[0].Service,
		"type":            e.Type,
		"subject":         sampleID("subject").String(),
		"time":            "2025-05-01T12:00:00Z",
		"datacontenttype": "application/json",
		"dataschema":      events.SchemaID(e.Type),
		"partitionkey":    sampleID("person").String(),
		"sequence":        "00000000000000000001",
		"policyversion":   "2021-01-01",
		"data":            data.Interface(),
	}
	if unlinkable(e) {
		unlink(event)
	}
	return indent(event)
}

// unlinkable says that an event may bear nothing by which it could be joined with another: no trace, no version.
func unlinkable(e events.Entry) bool { return strings.HasPrefix(e.Name(), "statistics.") }

// unlink leaves nothing by which the event could be joined with another.
func unlink(event map[string]any) {
	delete(event, "sequence")
	event["time"] = "2025-05-01T00:00:00Z"
	event["id"], event["subject"], event["partitionkey"] = randomLooking[0], randomLooking[1], randomLooking[2]
}

var randomLooking = [3]string{
	"5f3c1f0e-7a0b-4d6e-9c11-2a6d0e8b7c41", "b8a2d9f4-1c3e-4f57-8e6a-90d4c7b1f2e3", "e1d07c52-64bf-4a9d-b3f8-7c5a2e9d1046",
}

func fill(v reflect.Value) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Anonymous {
			fill(v.Field(i))
			continue
		}
		set(v.Field(i), f)
	}
}

func set(v reflect.Value, f reflect.StructField) {
	name := events.JSONName(f)
	switch {
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		set(v.Elem(), f)
	case v.Type() == uuidType:
		v.Set(reflect.ValueOf(sampleID(name)))
	case v.Type() == timeType:
		v.Set(reflect.ValueOf(time.Date(2025, 4, 30, 22, 0, 0, 0, time.UTC)))
	case v.Type() == bytesType:
		v.SetBytes([]byte("box:" + name))
	case v.Kind() == reflect.Slice:
		setSlice(v, f, name)
	case v.Kind() == reflect.String:
		v.SetString(sampleText(name, f))
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.Kind() == reflect.Int, v.Kind() == reflect.Int64:
		v.SetInt(sampleNumber(name))
	}
}

func setSlice(v reflect.Value, f reflect.StructField, name string) {
	v.Set(reflect.MakeSlice(v.Type(), 1, 1))
	switch first := v.Index(0); first.Kind() {
	case reflect.Struct:
		fill(first)
	case reflect.String:
		first.SetString(sampleText(name, f))
	default:
		first.Set(reflect.ValueOf(sampleID(name)))
	}
}

func sampleID(name string) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)) }

func sampleNumber(name string) int64 {
	return map[string]int64{"epoch": 2025, "revision": 1, "schema_v": 1, "size": 7, "recipients": 100, "sent": 98}[name]
}

var texts = map[string]string{
	"action": "read", "purpose": "case-handling",
	"category": "contact.phone-log", "channel": "phone", "policyVersion": "2021-01-01", "keyId": "transport-1",
	"reason": "got-work", "caseType": "job-seeking", "holder": "intake", "service": "intake", "rule": "AFC-10",
	"recipient": "SE-KFM", "fields": "name", "record_id": "0c7cf4a0-92f3-4b55-9a1e-3f1d7e0a9b11",
	"person_psn": "4ZK8Y6W0J2H9T3M5Q7R1N4B8CG", "age_band": "25-29", "county": "01", "ssyk": "23",
	"closed_quarter": "2025Q2", "programme": "none", "case_type": "job-seeking", "closing_reason": "got-work",
	"channel_main": "phone", "imputed_flags": "ssyk", "authority": "arbetsformedlingen", "version": "2025-07-01",
	"hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "plan": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
	"line": "national", "name": "rules.yaml", "text": "rules: []", "processor": "Refapp", "kind": "reference",
	"inputs": "municipality", "country": "SE",
}

func sampleText(name string, f reflect.StructField) string {
	if f.Tag.Get("format") == "date" {
		return "2025-05-01"
	}
	if enum := f.Tag.Get("enum"); enum != "" {
		first, _, _ := strings.Cut(enum, "|")
		return first
	}
	text, ok := texts[name]
	if !ok {
		panic(fmt.Sprintf("no sample text for field %s: add it to texts", name))
	}
	return text
}
