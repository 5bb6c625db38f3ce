package ask

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"gallra.se/services/console/internal/duecalendar"
	"gallra.se/services/console/internal/rulebook"
	"gallra.se/services/console/internal/standing"
	"gallra.se/services/console/internal/timeline"
)

// ErrUnknown says that the service knows no such record.
var ErrUnknown = errors.New("no such record")

// Question is a question that needs nothing but patience.
type Question[T any] func(context.Context) (T, error)

// Timeline asks about one record; ErrUnknown where there is none.
func (a *Asker) Timeline(ctx context.Context, record string) (timeline.Record, error) {
	question, err := json.Marshal(map[string]string{"record": record})
	if err != nil {
		return timeline.Record{}, fmt.Errorf("ask for a timeline: %w", err)
	}
	return told[timeline.Record](ctx, a, "timeline", question)
}

// Calendar asks what goes in which month.
func (a *Asker) Calendar(ctx context.Context) ([]duecalendar.Line, error) {
	said, err := told[struct{ Months []duecalendar.Line }](ctx, a, "calendar", nil)
	return said.Months, err
}

// Holds asks which holds are not released.
func (a *Asker) Holds(ctx context.Context) ([]standing.Hold, error) {
	said, err := told[struct{ Holds []standing.Hold }](ctx, a, "holds", nil)
	return said.Holds, err
}

// Alarms asks which alarms stand open.
func (a *Asker) Alarms(ctx context.Context) ([]standing.Alarm, error) {
	said, err := told[struct{ Alarms []standing.Alarm }](ctx, a, "alarms", nil)
	return said.Alarms, err
}

// Reviews asks which lists wait for an approval.
func (a *Asker) Reviews(ctx context.Context) ([]standing.Review, error) {
	said, err := told[struct{ Reviews []standing.Review }](ctx, a, "reviews", nil)
	return said.Reviews, err
}

// Policies asks what has been put into force, and for the last plan of each authority.
func (a *Asker) Policies(ctx context.Context) ([]rulebook.Said, error) {
	said, err := told[struct{ Policies []rulebook.Said }](ctx, a, "policy", nil)
	return said.Policies, err
}

// told is retention-timer's answer.
func told[T any](ctx context.Context, a *Asker, what string, question []byte) (answer T, err error) {
	data, err := a.one(ctx, "ask.retention-timer."+what, question)
	if err != nil {
		return answer, err
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return answer, fmt.Errorf("read the answer about %s: %w", what, err)
	}
	return answer, nil
}
