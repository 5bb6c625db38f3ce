package census_test

import (
	"path"
	"slices"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/libs/bus/bustest"
	"gallra.se/services/gallra/internal/backup"
	"gallra.se/services/gallra/internal/census"
	"gallra.se/services/gallra/internal/provision"
)

func TestEveryPieceOfABackupIsDeclared(t *testing.T) {
	t.Parallel()
	elsewhere := loaded(t).Elsewhere
	for _, piece := range backup.Pieces() {
		if name := path.Join("backups", string(piece)); !slices.ContainsFunc(elsewhere, func(s census.Store) bool { return s.Name == name }) {
			t.Errorf("%s is not declared: say in services/gallra/internal/census/declared/files.yaml what it holds and when it goes", name)
		}
	}
}

// A bucket and an object store are streams too (KV_…, OBJ_…), so that this finds them.
func TestEveryStreamIsDeclared(t *testing.T) {
	t.Parallel()
	nc := bustest.Server(t)
	if err := provision.Streams(t.Context(), nc, nil); err != nil {
		t.Fatal(err)
	}
	if err := provision.StatisticsStream(t.Context(), nc); err != nil {
		t.Fatal(err)
	}
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	var made, declared []string
	for name := range js.StreamNames(t.Context()).Name() {
		made = append(made, name)
	}
	for _, s := range loaded(t).Streams {
		declared = append(declared, s.Name)
	}
	slices.Sort(made)
	slices.Sort(declared)
	if !slices.Equal(made, declared) {
		t.Errorf("made are %v, declared are %v: say of each in services/gallra/internal/census/declared/streams.yaml what it holds and when it goes", made, declared)
	}
}
