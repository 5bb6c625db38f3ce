package scenario

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"gallra.se/services/gallra/internal/client"
)

// ErrCannot is a file that cannot run on this system, which is no fault of either.
var ErrCannot = errors.New("this system cannot do it")

func (r *run) serviceKill(ctx context.Context, step Step) (client.Answer, error) {
	return r.serviceMoved(ctx, step, r.bench.Operator().Kill)
}

func (r *run) serviceStart(ctx context.Context, step Step) (client.Answer, error) {
	return r.serviceMoved(ctx, step, r.bench.Operator().Start)
}

func (r *run) serviceMoved(ctx context.Context, step Step, move func(context.Context, string) error) (client.Answer, error) {
	service, err := step.With.Text("service")
	if err != nil {
		return client.Answer{}, err
	}
	err = move(ctx, service)
	var refusal *client.Refusal
	switch {
	case err == nil:
		return client.Answer{Status: http.StatusOK}, nil
	case errors.As(err, &refusal) && refusal.Status == http.StatusConflict:
		return client.Answer{}, fmt.Errorf("%w: %w", ErrCannot, err)
	case errors.As(err, &refusal):
		return client.Answer{}, step.With.Refuse("service", "%s", err.Error())
	}
	return client.Answer{}, err
}

// Kills says that a step of the file kills a service.
func (f *File) Kills() bool {
	for _, step := range f.Steps {
		if step.Do == "service.kill" {
			return true
		}
	}
	return false
}
