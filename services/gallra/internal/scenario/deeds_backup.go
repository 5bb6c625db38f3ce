package scenario

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"gallra.se/services/gallra/internal/client"
)

// backupTake backs the data up; its ref names the copy.
func (r *run) backupTake(ctx context.Context, step Step) (client.Answer, error) {
	id, err := r.bench.Operator().Backup(ctx)
	if err != nil {
		return client.Answer{}, unable(err)
	}
	if step.Ref != "" {
		r.backups[step.Ref] = id
	}
	return client.Answer{Status: http.StatusOK}, nil
}

// backupRestore goes on in a system that was empty and has got the copy back, with the newest keys and ledger.
func (r *run) backupRestore(ctx context.Context, step Step) (client.Answer, error) {
	ref, err := step.With.Text("backup")
	if err != nil {
		return client.Answer{}, err
	}
	id, taken := r.backups[ref]
	if !taken {
		return client.Answer{}, step.With.Refuse("backup", "no step has taken the backup %s", ref)
	}
	if into, err := step.With.Text("into"); err != nil || into != "empty" {
		return client.Answer{}, errors.Join(err, step.With.Refuse("into", "a backup is brought back into `empty`"))
	}
	if err := r.bench.Operator().Restore(ctx, id); err != nil {
		return client.Answer{}, unable(err)
	}
	return client.Answer{Status: http.StatusOK}, nil
}

// streamReplay has all streams read again.
func (r *run) streamReplay(ctx context.Context, step Step) (client.Answer, error) {
	text, err := step.With.Text("from")
	if err != nil {
		return client.Answer{}, err
	}
	from, err := strconv.ParseUint(text, 10, 63)
	if err != nil || from == 0 {
		return client.Answer{}, step.With.Refuse("from", "%s is no sequence: the first is 1", text)
	}
	if err := r.bench.Operator().Replay(ctx, from); err != nil {
		return client.Answer{}, unable(err)
	}
	return client.Answer{Status: http.StatusOK}, nil
}

// unable tells a system that cannot do it from one that failed.
func unable(err error) error {
	var refusal *client.Refusal
	if errors.As(err, &refusal) && refusal.Status == http.StatusConflict {
		return fmt.Errorf("%w: %w", ErrCannot, err)
	}
	return err
}
