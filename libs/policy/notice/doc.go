// Package notice writes the notice that people read from the pack that the system runs by, in Swedish and English, so that
// the two cannot disagree: who is the controller, what each channel keeps, for how long and from what day, what the notice
// does not say, who gets data, within what time an answer comes, and where to complain (AFC-30, L-12).
//
// It adds nothing: whatever it says is in the pack, and a number that is the authority's own is marked as such. Words that
// a pack uses and the glossary does not know stand as they are, in code.
package notice
