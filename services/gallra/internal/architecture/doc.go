// Package architecture holds the rules that no compiler knows, as tests over the
// whole workspace: which way imports point, who may read a clock, what stays out of
// the binary, and that what the documents name is there.
//
// There is nothing in it to import. A rule is changed here, with an ADR that says why,
// or not at all. Go caches a test by the files of its own module: after a change in a
// document alone, run it with -count=1.
package architecture
