package consume

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/retention-timer/internal/store"
)

// alarmRaised opens an alarm, which stays until somebody closes it. A second delivery finds it open.
func (d Desk) alarmRaised(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.AlarmRaised
	if err := ev.Into(&said); err != nil {
		return err
	}
	if _, err := d.pack(ev); err != nil {
		return err
	}
	return store.RaiseAlarm(ctx, tx, ev.Authority, store.Alarm{Name: said.Name, Subject: said.Alarm.String(), RaisedAt: said.RaisedAt.UTC()})
}
