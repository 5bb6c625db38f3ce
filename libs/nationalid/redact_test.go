package nationalid

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestNothingPrintsANumber(t *testing.T) {
	t.Parallel()
	const text = "199609042396"
	id, err := Parse("SE", text)
	if err != nil {
		t.Fatal(err)
	}
	type holder struct{ ID ID }
	var out bytes.Buffer
	for _, v := range []any{id, &id, holder{id}, &holder{id}, []ID{id}, map[string]ID{"x": id}, map[ID]int{id: 1}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&out, verb, v)
		}
		slog.New(slog.NewJSONHandler(&out, nil)).Info("m", "v", v)
		slog.New(slog.NewTextHandler(&out, nil)).Info("m", "v", v)
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(raw)
	}
	for _, needle := range []string{text, text[2:], "19960904", "2396", fmt.Sprintf("%x", text)} {
		if strings.Contains(out.String(), needle) {
			t.Errorf("a printer showed %q", needle)
		}
	}
	for _, bad := range []string{"199609042397", "960904-2396"} {
		if _, err := Parse("SE", bad); err == nil || strings.Contains(err.Error(), bad[:6]) {
			t.Errorf("the refusal repeats the input: %v", err)
		}
	}
}
