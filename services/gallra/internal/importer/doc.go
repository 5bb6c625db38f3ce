// Package importer feeds a journal, one JSON object a line, to a running system, and
// says what it saw on the way and what the services answer at the end.
//
// It promises that lines are handed in one after another in the order of the file; that
// it counts nothing itself but the answers that it got; and that it may be stopped or
// killed at any line and run again on the same file: what is stored already is answered
// as a duplicate, and the services' figures come out the same. Told to be patient, it does
// so by itself while a part of the system is away (client.Patience).
//
// It never looks at what a line says, except for the four keys that tell it where the
// line goes (id, kind, at, authority), and it writes nothing of a line anywhere.
package importer
