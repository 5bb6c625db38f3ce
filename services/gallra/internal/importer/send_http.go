package importer

import (
	"context"
	"net/http"

	"gallra.se/services/gallra/internal/client"
)

// HTTP posts each line as it stands.
type HTTP struct{ Client *client.Client }

func (s HTTP) Send(ctx context.Context, line Line) (Verdict, error) {
	answer, err := s.Client.Do(ctx, client.Call{
		Authority: line.Authority, Method: http.MethodPost, Path: string(line.Route()), Header: client.JSON(), Body: line.Raw,
	})
	if err != nil {
		return Verdict{}, err
	}
	return verdictOf(answer)
}
