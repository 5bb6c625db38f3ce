package assembly

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/logs"
)

func TestAStartWaitsForWhatMayComeAndSaysSo(t *testing.T) {
	t.Parallel()
	notYet := errors.New("not yet")
	var log bytes.Buffer
	tries := 0
	err := Await(t.Context(), logs.New(&log, "test"), "database", func(err error) bool { return errors.Is(err, notYet) }, func(context.Context) error {
		if tries++; tries < 3 {
			return notYet
		}
		return nil
	})
	if err != nil || tries != 3 {
		t.Errorf("%v after %d tries", err, tries)
	}
	if said := strings.Count(log.String(), "waiting"); said != 1 {
		t.Errorf("said %d times: %s", said, log.String())
	}
}

func TestAStartDoesNotWaitForWhatWillNotCome(t *testing.T) {
	t.Parallel()
	tries := 0
	err := Await(t.Context(), slog.New(slog.NewTextHandler(io.Discard, nil)), "NATS", NatsMayCome, func(context.Context) error {
		tries++
		return explained(nats.ErrAuthorization)
	})
	if !errors.Is(err, nats.ErrAuthorization) || tries != 1 || !strings.Contains(err.Error(), "set of secrets") {
		t.Errorf("%v after %d tries", err, tries)
	}
}

func TestAServerThatIsNotUpYetMayCome(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]bool{"nats://127.0.0.1:1": true, "nats://nowhere.invalid:4222": true} {
		_, err := nats.Connect(url)
		if NatsMayCome(err) != want {
			t.Errorf("%s: %v", url, err)
		}
	}
}

func TestASeedThatCannotBeReadIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	_, err := Connect(Nats{URL: "nats://127.0.0.1:1", SeedFile: t.TempDir() + "/none.nk"}, "test", slog.New(slog.DiscardHandler))
	if err == nil || NatsMayCome(err) {
		t.Errorf("%v", err)
	}
}
