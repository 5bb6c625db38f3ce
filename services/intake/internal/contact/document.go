package contact

import (
	"slices"

	"gallra.se/libs/policy"
)

// apart takes the official document out of a contact: a letter is kept by other rules than the name and address of who sent
// it (STH-05, STH-11). What it says goes to a contact of its own, which nothing in it leads back from.
func (c Contact) apart(pack *policy.Pack, channel policy.Channel, source string) Contact {
	if channel.Document.Category == "" {
		return c
	}
	letter := c
	letter.SourceID = "document of " + c.SourceID
	letter.Category, letter.Counter, letter.Note, letter.Consent = channel.Document.Category, "", nil, false
	letter.Identified, letter.Unlinked = false, true
	letter.Stamp = StampOf(pack, letter.Category, source, c.laws(pack, channel), c.EndedOn)
	letter.Fields, letter.Stored, letter.Dropped = map[string]string{}, []string{}, []string{}
	own := map[string]string{}
	for name, text := range c.Fields {
		if slices.Contains(channel.Document.Fields, name) {
			letter.Fields[name] = text
		} else {
			own[name] = text
		}
	}
	if len(letter.Fields) == 0 {
		return c
	}
	var stored []string
	for _, name := range c.Stored {
		if _, moved := letter.Fields[name]; !moved {
			stored = append(stored, name)
		}
		if _, fact := c.Fields[name]; !fact || letter.Fields[name] != "" {
			letter.Stored = append(letter.Stored, name)
		}
	}
	c.Fields, c.Stored, c.Document = own, stored, &letter
	return c
}
