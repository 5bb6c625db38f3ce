package events_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

// testdata/asyncapi-3.0.0.json is the specification's own schema (npm @asyncapi/specs 6.11.1, Apache-2.0), without
// blanks.
func TestTheAsyncAPIDocumentIsValid(t *testing.T) {
	t.Parallel()
	c := jsonschema.NewCompiler()
	schema, err := c.Compile("testdata/asyncapi-3.0.0.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(asyncAPI(t)); err != nil {
		t.Error(err)
	}
}

func TestEveryReferenceInTheAsyncAPIDocumentLeadsSomewhere(t *testing.T) {
	t.Parallel()
	doc := asyncAPI(t)
	for _, ref := range references(doc) {
		if local, ok := strings.CutPrefix(ref, "#/"); ok {
			if !found(doc, strings.Split(local, "/")) {
				t.Errorf("%s leads nowhere", ref)
			}
		} else if _, err := os.Stat(filepath.FromSlash(ref)); err != nil {
			t.Error(err)
		}
	}
}

func asyncAPI(t *testing.T) any {
	t.Helper()
	text, err := os.ReadFile("asyncapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := yaml.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func references(v any) (refs []string) {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			if ref, ok := value.(string); ok && key == "$ref" {
				refs = append(refs, ref)
			}
			refs = append(refs, references(value)...)
		}
	case []any:
		for _, value := range v {
			refs = append(refs, references(value)...)
		}
	}
	return refs
}

func found(v any, path []string) bool {
	for _, key := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return false
		}
		if v, ok = m[key]; !ok {
			return false
		}
	}
	return true
}
