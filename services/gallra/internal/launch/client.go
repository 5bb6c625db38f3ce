package launch

import (
	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/embedded"
)

// Place is where the system is and what its operator may use.
func (s *System) Place() client.Found {
	return client.Found{URL: s.URL, DataDir: s.Dir, TokenKey: embedded.Layout{Dir: s.Dir}.TokenKey()}
}

// Client calls the system as its operator.
func (s *System) Client() (*client.Client, error) { return s.Place().Client() }
