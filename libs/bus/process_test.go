package bus_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"

	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
	"gallra.se/libs/pg"
)

// The environment of a test process that is to be an instance instead.
const (
	envName     = "BUS_TEST_INSTANCE"
	envDatabase = "BUS_TEST_DATABASE"
	envNats     = "BUS_TEST_NATS"
)

func TestMain(m *testing.M) {
	if name := os.Getenv(envName); name != "" {
		fmt.Fprintln(os.Stderr, live(name))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// live is an instance in a process of its own, until that is killed.
func live(name string) error {
	ctx := context.Background()
	db, err := pg.Open(ctx, os.Getenv(envDatabase), pg.MaxConns(3), func(c *pgxpool.Config) {
		c.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "1s"
	})
	if err != nil {
		return err
	}
	nc, err := nats.Connect(os.Getenv(envNats))
	if err != nil {
		return err
	}
	return bus.NewConsumer(bus.ConsumerConfig{Service: "case-linker", DB: db, NC: nc, Streams: []string{"EV_CONTACT"},
		Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
		Handlers: map[string]bus.Handler{noted: func(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
			_, err := tx.Exec(ctx, `INSERT INTO applied (key, version, stored_at) VALUES ($1, $2, $3)`,
				ev.Key, fmt.Sprint(ev.CE.Extensions()["sequence"]), name)
			return err
		}}}).Run(ctx)
}

// process starts an instance in a process of its own and returns how to send it a signal.
func (w *world) process(name string) (signal func(syscall.Signal)) {
	w.t.Helper()
	self, err := os.Executable()
	w.must(err)
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), envName+"="+name, envDatabase+"="+w.consumer.Config().ConnString(), envNats+"="+w.nc.ConnectedUrl())
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	w.must(cmd.Start())
	w.t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return func(s syscall.Signal) { w.must(cmd.Process.Signal(s)) }
}

func (w *world) seats(n int) {
	w.t.Helper()
	w.until(fmt.Sprint(n, " instances have seats"), func() bool {
		return w.count(w.consumer, `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`) == n
	})
}

func TestAProcessThatIsKilledOrStoppedLeavesItsShareToTheOthers(t *testing.T) {
	w := newWorld(t, clock.Real())
	w.relay()
	said := 0
	load := func() {
		for range 100 {
			w.must(w.say(fmt.Sprint("k", said%40)))
			said++
		}
	}
	applied := func() { w.until("all is applied", func() bool { return w.appliedCount() == said }); w.inOrder() }

	kill, pause, _ := w.process("killed"), w.process("stopped"), w.process("lives")
	w.seats(3)
	w.until("each has applied something", func() bool {
		load()
		return w.count(w.consumer, `SELECT count(DISTINCT stored_at) FROM applied`) == 3
	})
	load()
	kill(syscall.SIGKILL)
	w.seats(2)
	load()
	applied()

	load()
	pause(syscall.SIGSTOP) // in the midst of a transaction, as a rule
	w.seats(1)
	applied()
	pause(syscall.SIGCONT)
	w.seats(2)
	load()
	applied()
}
