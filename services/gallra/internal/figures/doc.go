// Package figures is for tests: what an independent model says must come out of a journal,
// and the comparison of that with what a system answers, however the journal got there.
package figures
