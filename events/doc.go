// Package events is the contract between Gallra's services: the payload of every event that crosses the bus,
// and one catalogue that says for each who sends it, who reads it, on which stream, and how sensitive each field is.
//
// It promises that no field outside `sealed` carries personal data, that a published version never changes shape,
// and that structs, JSON Schemas, golden samples, README table and AsyncAPI document agree (a test fails otherwise).
// It does not encode, publish, seal or validate anything, and it knows no library of ours: ids are UUIDs, instants are
// UTC, and a civil date is a string "2006-01-02" in the authority's zone.
//
// Every field bears a `data` tag: none (a code, a date, a count), pseudonymous (an opaque id that stands for a record,
// a case or a person) or personal (only ever a sealed box).
package events
