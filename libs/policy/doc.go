// Package policy makes a privacy notice data: which authority, which channels and fields, which clocks, which recipients.
//
// A pack is a folder of YAML files per authority. Reading is strict: what is not understood is refused with file, line
// and column, and a rule without a number, a source, a trigger or a basis for disposal is refused too, because nobody could
// defend what it does. A loaded Set never changes and is safe for concurrent use.
//
// The package decides nothing about a person: it answers what the notice says. It reads no clock.
package policy
