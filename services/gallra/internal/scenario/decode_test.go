package scenario

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestEveryScenarioOfTheProjectIsInTheFormat(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("../../../../scenarios/SC-*.yaml")
	if err != nil || len(paths) < 4 {
		t.Fatalf("found %d scenario files: %v", len(paths), err)
	}
	for _, path := range paths {
		file, err := Load(path)
		if err != nil {
			t.Error(err)
			continue
		}
		if len(file.Steps) == 0 || file.ID == "" {
			t.Errorf("%s: %+v", path, file)
		}
	}
}

const head = `format: 1
id: SC-99
title: A test
promises: [AFC-10]
authority: arbetsformedlingen
persons:
  anna: {nationalId: "199001012385", name: "Anna Kanarie"}
canaries: ["Kanarie"]
steps:
`

const oneCall = head + `  - at: 2024-01-31 14:12
    do: contact.record
    ref: call
    with: {channel: phone, fields: {phoneNumber: "070-1740605"}}
    expect: {stored: [phoneNumber], dropped: []}
`

func TestAFileIsReadAsWritten(t *testing.T) {
	t.Parallel()
	file, err := Decode("x.yaml", []byte(oneCall+`  - at: 2024-01-31T13:13:00Z
    check: {readable: [call], due: {call: 2025-05-01}, absent: true}
`))
	if err != nil {
		t.Fatal(err)
	}
	if got := file.Steps[0].At.UTC().Format(time.RFC3339); got != "2024-01-31T13:12:00Z" {
		t.Errorf("at = %s", got)
	}
	if !file.Steps[0].Expect.Says("dropped") || file.Steps[0].Expect.Says("flags") {
		t.Errorf("expect = %+v", file.Steps[0].Expect)
	}
	if got := file.Steps[1].Claims[1].Value.(map[string]string)["call"]; got != "2025-05-01" {
		t.Errorf("due = %q", got)
	}
}

func TestWhatIsOutsideTheFormatIsRefusedWithItsPlace(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ text, place, message string }{
		"unknown key of the file":   {"format: 1\nflavour: sweet\n", ":2:1:", `"flavour"`},
		"unknown key of a step":     {head + "  - at: 2024-01-31 14:12\n    doo: contact.record\n", ":11:5:", `"doo"`},
		"unknown action":            {head + "  - at: 2024-01-31 14:12\n    do: contact.forget\n", ":11:9:", `"contact.forget"`},
		"unknown argument":          {head + "  - at: 2024-01-31 14:12\n    do: contact.note\n    with: {colour: red}\n", ":12:12:", `"colour"`},
		"unknown field":             {head + "  - at: 2024-01-31 14:12\n    do: contact.record\n    with: {fields: {shoeSize: 42}}\n", ":12:21:", `"shoeSize"`},
		"unknown expectation":       {head + "  - at: 2024-01-31 14:12\n    do: contact.record\n    expect: {joy: true}\n", ":12:14:", `"joy"`},
		"unknown outcome":           {head + "  - at: 2024-01-31 14:12\n    do: contact.record\n    expect: {outcome: fine}\n", ":12:23:", `"fine"`},
		"unknown check":             {oneCall + "  - at: 2024-02-01 00:00\n    check: {happy: [call]}\n", ":16:13:", `"happy"`},
		"a ref that nobody made":    {oneCall + "  - at: 2024-02-01 00:00\n    check: {readable: [cal]}\n", ":16:24:", `"cal"`},
		"a step that goes back":     {oneCall + "  - at: 2024-01-30 00:00\n    check: {readable: [call]}\n", ":15:9:", "back in time"},
		"do and check in one step":  {oneCall + "  - at: 2024-02-01 00:00\n    do: contact.record\n    check: {readable: [call]}\n", ":15:5:", "either"},
		"a key that stands twice":   {oneCall + "  - at: 2024-02-01 00:00\n    at: 2024-02-02 00:00\n    check: {readable: [call]}\n", ":16:5:", "twice"},
		"an authority of no notice": {strings.Replace(head, "arbetsformedlingen", "ministry-of-magic", 1) + "  - at: 2024-02-01 00:00\n    do: case.open\n", ":5:12:", "ministry"},
		"a day that does not exist": {head + "  - at: 2024-02-30 10:00\n    do: contact.record\n", ":10:9:", "no time"},
	}
	for label, c := range cases {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			_, err := Decode("x.yaml", []byte(c.text))
			var position *PositionError
			if !errors.As(err, &position) {
				t.Fatalf("error = %v", err)
			}
			if !strings.Contains(err.Error(), c.place) || !strings.Contains(err.Error(), c.message) {
				t.Errorf("error = %v, want %s and %s", err, c.place, c.message)
			}
		})
	}
}
