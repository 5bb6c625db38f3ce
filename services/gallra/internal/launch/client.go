package launch

import (
	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/embedded"
	"gallra.se/services/gallra/internal/system"
)

// Client calls the system as its operator.
func (s *System) Client() (*client.Client, error) {
	layout := embedded.Layout{Dir: s.Dir}
	key, err := embedded.ReadTokenKey(layout.TokenKey())
	if err != nil {
		return nil, err
	}
	tokens, err := system.OperatorTokens(key)
	if err != nil {
		return nil, err
	}
	return client.With(s.URL, tokens), nil
}
