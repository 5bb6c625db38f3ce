//go:build !faults

package fault

// Armed says that points do something.
const Armed = false

// Off says that a test has switched something off; here nothing is.
func Off(string) bool { return false }

// Point is a step after which a crash is tried; here it is none.
func Point(string) {}
