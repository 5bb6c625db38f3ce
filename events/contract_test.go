package events_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"gallra.se/events"
	"gallra.se/events/contract"
)

type envelope struct {
	SpecVersion string          `json:"specversion"`
	ID          string          `json:"id"`
	Source      string          `json:"source"`
	Type        string          `json:"type"`
	Subject     string          `json:"subject"`
	DataSchema  string          `json:"dataschema"`
	Data        json.RawMessage `json:"data"`
}

func TestEverySampleIsACloudEventThatItsStructReadsWholeAndItsSchemaAccepts(t *testing.T) {
	t.Parallel()
	for _, e := range events.Catalogue {
		t.Run(e.Name(), func(t *testing.T) {
			t.Parallel()
			env := sample(t, e)
			if env.SpecVersion != "1.0" || env.Type != e.Type || env.ID == "" || env.Subject == "" ||
				env.DataSchema != events.SchemaID(e.Type) {
				t.Errorf("envelope is wrong: %+v", env)
			}
			again := roundTrip(t, e, env.Data)
			if diff := cmp.Diff(decode(t, env.Data), decode(t, again)); diff != "" {
				t.Errorf("the struct does not give the sample back:\n%s", diff)
			}
			if err := contract.Validate(e.Type, again); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestASchemaRefusesAFieldThatIsNotPromised(t *testing.T) {
	t.Parallel()
	for _, e := range events.Catalogue {
		data := decode(t, sample(t, e).Data).(map[string]any)
		data["name"] = "x"
		raw, err := json.Marshal(data)
		if err != nil || contract.Validate(e.Type, raw) == nil {
			t.Errorf("%s lets a name through", e.Name())
		}
	}
}

func TestNoPersonalDataOutsideSealed(t *testing.T) {
	t.Parallel()
	for _, e := range events.Catalogue {
		for _, f := range e.Fields() {
			switch f.Sensitivity {
			case events.None, events.Pseudonymous:
				if f.Path == "sealed" {
					t.Errorf("%s.%s is a box and not marked personal", e.Name(), f.Path)
				}
			case events.Personal:
				if f.Path != "sealed" {
					t.Errorf("%s.%s is personal and not sealed", e.Name(), f.Path)
				}
			default:
				t.Errorf("%s.%s does not say how sensitive it is", e.Name(), f.Path)
			}
		}
		if f, ok := reflect.TypeOf(e.Payload).FieldByName("Sealed"); ok && f.Type != reflect.TypeFor[[]byte]() {
			t.Errorf("%s: a box is bytes", e.Name())
		}
	}
}

func TestATypeIsListedOnceAndNamedAsPromised(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^se\.gallra\.[a-z-]+\.[a-z-]+\.v[1-9][0-9]*$`)
	seen := map[string]bool{}
	for _, e := range events.Catalogue {
		if !form.MatchString(e.Type) || seen[e.Type] || len(e.Sources) == 0 || e.Meaning == "" {
			t.Errorf("row %s is incomplete, misnamed or twice there", e.Type)
		}
		seen[e.Type] = true
	}
}

func sample(t *testing.T, e events.Entry) envelope {
	t.Helper()
	raw, err := events.Sample(e.Type)
	if err != nil {
		t.Fatal(err)
	}
	var env envelope
	if err := json.Unmarshal(raw, &env); err != nil {
		t.Fatal(err)
	}
	return env
}

func roundTrip(t *testing.T, e events.Entry, data []byte) []byte {
	t.Helper()
	payload := reflect.New(reflect.TypeOf(e.Payload))
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(payload.Interface()); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(payload.Interface())
	if err != nil {
		t.Fatal(err)
	}
	return again
}

func decode(t *testing.T, data []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	return v
}
