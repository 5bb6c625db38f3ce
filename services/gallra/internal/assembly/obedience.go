package assembly

import (
	"context"
	"encoding/json"
	"os"
	"syscall"
	"time"

	"github.com/nats-io/nats.go"

	"gallra.se/services/gallra/internal/sim"
)

// listen hears the control of a simulated deployment until ctx ends.
func (l *lives) listen(ctx context.Context) error {
	service := l.config.Service
	for subject, hear := range map[string]nats.MsgHandler{
		sim.SubjectStop(service): l.onStop,
		sim.SubjectKill(service): l.onKill,
	} {
		if _, err := l.nc.Subscribe(subject, hear); err != nil {
			return err
		}
	}
	// One instance empties for all: they share what the service keeps.
	_, err := l.nc.QueueSubscribe(sim.SubjectWipe(service), service, func(m *nats.Msg) { go l.onWipe(ctx, m) })
	if err != nil {
		return err
	}
	// What was said while the connection was lost is asked for: an instance that came back
	// too late must not go on in a world that is no more.
	l.nc.SetReconnectHandler(func(*nats.Conn) {
		go func() {
			if leave, err := l.ask(ctx); err == nil {
				l.obey(leave.Since)
			}
		}()
	})
	return l.nc.Flush()
}

func (l *lives) onStop(m *nats.Msg) {
	var order sim.Order
	if json.Unmarshal(m.Data, &order) == nil {
		respond(m, l.obey(order.Since))
	}
}

func (l *lives) onWipe(ctx context.Context, m *nats.Msg) {
	said := sim.Wiped{}
	if err := l.wipe(ctx); err != nil {
		said.Failed = err.Error()
		l.config.Log.WarnContext(ctx, "not emptied", "error", err.Error())
	}
	respond(m, said)
}

// onKill answers and is gone. Who waits has nothing that a crash could harm, and stays.
func (l *lives) onKill(m *nats.Msg) {
	life := l.obey(time.Time{})
	if !life.Living {
		return
	}
	respond(m, life)
	_ = l.nc.Flush()
	l.crash()
}

// crash ends the process with nothing put in order. The first process of a container is
// immune to its own signals, and leaves by the other way.
func crash() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	os.Exit(128 + int(syscall.SIGKILL))
}

func respond(m *nats.Msg, v any) {
	if data, err := json.Marshal(v); err == nil {
		_ = m.Respond(data)
	}
}
