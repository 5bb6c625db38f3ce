// Package policy makes a privacy notice data: which authority, which channels and fields, which clocks, which recipients.
//
// A pack is a folder of YAML files per authority. Reading is strict: what is not understood is refused with file, line
// and column, and a rule without a number, a source, a trigger or a basis for disposal is refused too, because nobody could
// defend what it does. A Pack never changes. A Set is safe for concurrent use, and whoever follows activations (package
// follow) replaces packs in a Clone of its own.
//
// Besides channels and clocks a pack says on which laws each rests and from when until when, who may read what and for which
// purposes, who processes data for the authority and on what terms, who hands data in, and what is kept in which situation.
// Package access decides by it; nothing of it is enforced here.
//
// A rule has versions, each from a day of its own; a pack is added to and never rewritten, since of the versions in force
// since a record's collection the shortest period counts. What a notice does not say is said as a silence, with its reason,
// and a number that it does not give is marked as assumed.
//
// The package decides nothing about a person: it answers what the notice says. It reads no clock.
package policy
