// Package chatbot answers simple questions and forgets them. What is asked lives in memory while it is answered, an open
// session as nothing but its id and the moment at which it ends by itself; a session that has ended leaves one more in a
// month's counter (AFC-25 to AFC-28). No text, address or answer gets into a row, an event, a log or a trace.
//
//	question ──► Stripped ──► Find ──► answer
//	session   ──► spoken to ──► closed, idle for too long, or the service stops ──► counter +1
package chatbot

import (
	"bytes"
	"regexp"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Stripped is a question without what could say who asks: national numbers, telephone numbers and e-mail addresses in
// every spelling, and the names that somebody gives (AFC-26). It is a copy, and what was made on the way to it is overwritten.
func Stripped(text []byte) []byte {
	left := norm.NFKC.Append(nil, text...)
	for _, strip := range []func([]byte) []byte{
		func(b []byte) []byte { return bytes.Map(visible, b) },
		func(b []byte) []byte { return address.ReplaceAll(b, blank) },
		func(b []byte) []byte { return digits.ReplaceAllFunc(b, number) },
		func(b []byte) []byte { return calledSo.ReplaceAll(b, blank) },
		func(b []byte) []byte { return iAm.ReplaceAll(b, blank) },
	} {
		before := left
		left = strip(before)
		clear(before)
	}
	return left
}

var blank = []byte(" ")

// visible leaves out what only changes how a text looks, and takes every other control for a blank.
func visible(r rune) rune {
	switch {
	case unicode.Is(unicode.Cf, r):
		return -1
	case unicode.IsControl(r), unicode.IsSpace(r):
		return ' '
	}
	return r
}

var (
	address = regexp.MustCompile(`[^ ,;:<>()\[\]"]+ ?(?:@|\(at\)|\[at\]) ?[^ ,;:<>()\[\]"]+`)

	// digits are runs that may be grouped by blanks and signs, and hold letters as Finnish codes do.
	digits = regexp.MustCompile(`\+?\p{Nd}(?:[^\p{L}\p{Nd}]{0,3}(?:[A-Za-z][^\p{L}\p{Nd}]?)?\p{Nd})*(?:[^\p{L}\p{Nd}]?[A-Za-z]\b)?`)

	// Who says "my name is" gives a name, in whatever letters; who says "I am" does if it is written as one.
	calledSo = regexp.MustCompile(`\b(?i:my name is|my name's|jag heter|mitt namn är|i am called|call me|minun nimeni on|nimeni on)[ :]+[\p{L}'-]+(?: +(?:(?:af|av|de|van|von|der|la|el|al|bin) +)?\p{Lu}[\p{L}'-]*){0,4}`)
	iAm      = regexp.MustCompile(`\b(?:(?i:i am|i'm|i’m|this is|jag är|det här är|olen)) +(?:(?:af|av|de|van|von|der|la|el|al|bin) +)?\p{Lu}[\p{L}'-]*(?: +(?:(?:af|av|de|van|von|der|la|el|al|bin) +)?\p{Lu}[\p{L}'-]*){0,4}`)
)

// tells is how many digits a number needs to say who somebody is: fewer are a year, a paragraph, an amount.
const tells = 6

// number keeps a run of digits that is too short to name anybody.
func number(run []byte) []byte {
	n := 0
	for _, r := range string(run) {
		if unicode.Is(unicode.Nd, r) {
			n++
		}
	}
	if n < tells {
		return run
	}
	return blank
}
