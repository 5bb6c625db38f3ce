// Package needles looks for what must not be there: it scans every file under a
// directory for strings that no file may hold, in the spellings and encodings in which
// they could have survived.
//
// It promises that a needle written in any of the forms of Spellings and Encodings is
// found wherever it stands in a file, in a file's name, or across the reader's block
// boundaries. It does not undo compression or encryption, and it says nothing about
// what a running process holds in memory. It may be called by tests, by the scenario
// runner and by an operator; it never writes and never changes what it reads.
package needles
