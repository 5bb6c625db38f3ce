package cli

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"gallra.se/services/gallra/internal/client"
)

type healthCommand struct{ target }

func (healthCommand) Help() string {
	return "Prints the services that are not ready.\n\n  gallra health --url http://127.0.0.1:8080"
}

func (c healthCommand) Run(ctx context.Context, t terminal) error {
	api, err := c.client()
	if err != nil {
		return err
	}
	answer, err := api.Do(ctx, client.Call{Method: http.MethodGet, Path: "/readyz"})
	if err != nil {
		return err
	}
	said := strings.TrimSpace(string(answer.Body))
	if !answer.OK() {
		return fmt.Errorf("%s", said)
	}
	_, err = fmt.Fprintln(t.Out, said)
	return err
}
