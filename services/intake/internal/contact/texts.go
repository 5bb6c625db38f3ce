package contact

import (
	"slices"

	"gallra.se/libs/strict"
)

const nameField = "name"

// Texts of one line: codes, which are short, and fields in which nobody writes a letter.
var (
	codes   = []string{"id", "source", "service", "campaign"}
	oneLine = []string{"line", nationalIDField, "phoneNumber", "email", "ipAddress", "userId", "orgNumber", "postcode",
		"municipality", "ssyk", "note.case"}
)

// Cleanly refuses a text that is not what it looks like: see strict.Clean and strict.PersonName.
func Cleanly(name, text string) error {
	switch {
	case name == nameField:
		_, err := strict.PersonName(name, text)
		return err
	case slices.Contains(codes, name), slices.Contains(oneLine, name):
		return strict.CleanLine(name, text)
	}
	return strict.Clean(name, text)
}

// Composed is the text as it is kept: a name in its composed form, so that the same name is the same bytes.
func Composed(name, text string) string {
	if name != nameField {
		return text
	}
	kept, err := strict.PersonName(name, text)
	if err != nil {
		return "" // refused before
	}
	return kept
}
