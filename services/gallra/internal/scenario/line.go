package scenario

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"gallra.se/services/gallra/internal/client"
)

// line begins a line of the input contract for a step. Its id is the step's own, so that
// the same file on a fresh system hands in the same lines.
func (r *run) line(step Step, kind string) map[string]any {
	return map[string]any{
		"id":   fmt.Sprintf("%s/%d", r.file.ID, r.number),
		"kind": kind, "at": step.At.Format(time.RFC3339), "authority": step.Authority,
	}
}

// decision copies what decisions have: the day that they count from, and the reason.
func decision(line map[string]any, step Step) error {
	if err := copyDate(line, step, "effective"); err != nil {
		return err
	}
	return copyText(line, step.With, "reason")
}

func copyText(to map[string]any, w Args, key string) error {
	if !w.Has(key) {
		return nil
	}
	text, err := w.Text(key)
	to[key] = text
	return err
}

// copyDate copies a civil date, also from a moment.
func copyDate(to map[string]any, step Step, key string) error {
	if !step.With.Has(key) {
		return nil
	}
	text, err := step.With.Text(key)
	if err != nil {
		return err
	}
	day, err := CivilDate(text, zoneOf(step.Authority))
	if err != nil {
		return step.With.Refuse(key, "%s", err.Error())
	}
	to[key] = day
	return nil
}

// made reads an id out of an accepted answer, under the first name that is there.
func made(answer client.Answer, names ...string) string {
	var said map[string]any
	if !answer.OK() || json.Unmarshal(answer.Body, &said) != nil {
		return ""
	}
	for _, name := range names {
		if id, ok := said[name].(string); ok {
			return id
		}
	}
	return ""
}

// statisticsRows are the ids and states of all rows of the statistics store.
func (r *run) statisticsRows(ctx context.Context) (map[string]string, error) {
	answer, err := r.bench.Operator().Do(ctx, client.Call{Method: http.MethodGet, Path: "/sim/statistics"})
	if err != nil {
		return nil, err
	}
	var said []struct{ ID, State string }
	if err := answer.Into(&said); err != nil {
		return nil, fmt.Errorf("list statistics rows: %w", err)
	}
	rows := map[string]string{}
	for _, row := range said {
		rows[row.ID] = row.State
	}
	return rows, nil
}
