package scenario

import "gallra.se/services/gallra/internal/client"

// Bench is the system that a file runs on.
type Bench interface {
	// Operator may move the clock and look at everything that is not about a person.
	Operator() *client.Client
	// As is a caller of the authority.
	As(authority, name string, roles []string, appointed bool) (*client.Client, error)
	// Close ends the system, if it is the file's own.
	Close()
}
