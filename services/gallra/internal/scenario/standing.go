package scenario

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"gallra.se/services/gallra/internal/client"
)

// standing is a system that was up before and stays up.
type standing struct{ caller }

func (standing) Close() {}

// Standing empties the simulated system at an address and starts it again at the time of a
// file's first step. The key that signs tokens is that which the system left on this
// machine; a CA that is given wins over the one left.
func Standing(ctx context.Context, address, ca string, file *File) (Bench, error) {
	found, ok, err := client.Find(address)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fmt.Errorf("no system on this machine has left its place for %s", address)
	}
	if found.URL = address; ca != "" {
		found.CA = ca
	}
	c, err := callerOf(found)
	if err != nil {
		return nil, err
	}
	return standing{c}, begin(ctx, c.Operator(), file)
}

func begin(ctx context.Context, operator *client.Client, file *File) error {
	err := operator.Reset(ctx, file.Steps[0].At)
	var refusal *client.Refusal
	if errors.As(err, &refusal) && refusal.Status == http.StatusNotFound {
		return errors.New("this system runs on real time: scenarios run on a simulated one, which they empty")
	}
	if err != nil {
		return fmt.Errorf("begin anew for %s: %w", file.ID, err)
	}
	return nil
}
