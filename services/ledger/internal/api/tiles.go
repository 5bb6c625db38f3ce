package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"gallra.se/libs/bearer"
	"gallra.se/libs/problem"
	"gallra.se/services/ledger/internal/store"
	"gallra.se/services/ledger/tiles"
)

// tile answers with the hashes of one tile, for everyone.
func (a *API) tile(w http.ResponseWriter, r *http.Request) {
	a.file(w, r, r.PathValue("level"), a.hashes)
}

// entries answers with the leaves of one bundle, for operators: the ids of
// protected persons' records are among them.
func (a *API) entries(w http.ResponseWriter, r *http.Request) {
	caller, ok := bearer.From(r.Context())
	switch {
	case !ok:
		problem.Write(w, problem.New("unauthorized"))
	case !caller.Has(everyAuthority):
		problem.Write(w, problem.New("forbidden"))
	default:
		a.file(w, r, "entries", a.bundle)
	}
}

// file answers with a tile that the newest checkpoint signs. What it holds never
// changes.
func (a *API) file(w http.ResponseWriter, r *http.Request, level string, content func(context.Context, tiles.Tile) ([]byte, error)) {
	tile, err := tiles.Parse(level, r.PathValue("number"))
	if err != nil {
		problem.Write(w, problem.New("not-found"))
		return
	}
	size, _, err := store.Newest(r.Context(), a.DB)
	if err != nil {
		problem.Write(w, problem.From(err))
		return
	}
	if !tile.In(size) {
		problem.Write(w, problem.New("not-found"))
		return
	}
	file, err := content(r.Context(), tile)
	if errors.Is(err, store.ErrMissing) { // taken out by hand: whoever checks the log finds it
		problem.Write(w, problem.New("not-found"))
		return
	}
	if err != nil {
		problem.Write(w, problem.From(err))
		return
	}
	cache := forGood
	if tile.Level == tiles.Entries {
		cache = private
	}
	w.Header().Set("Cache-Control", cache)
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(file)
}

// How long an answer may be kept, and by whom.
const (
	forGood = "public, max-age=31536000, immutable"
	private = "private, max-age=31536000, immutable"
	anew    = "no-cache"
)

func (a *API) hashes(ctx context.Context, tile tiles.Tile) ([]byte, error) {
	hashes, err := store.NodesIn(ctx, a.DB).ReadHashes(tile.Hashes())
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", tile.Path(), err)
	}
	return tiles.Pack(hashes), nil
}

func (a *API) bundle(ctx context.Context, tile tiles.Tile) ([]byte, error) {
	first := tile.First()
	rows, err := store.Leaves(ctx, a.DB, store.Wanted{After: first - 1, Below: first + int64(tile.Width), Limit: tile.Width})
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", tile.Path(), err)
	}
	entries := make([]string, len(rows))
	for i, row := range rows {
		entries[i] = row.Text
	}
	if len(entries) != tile.Width { // indexes are unique, so none is missing
		return nil, fmt.Errorf("read %s: a leaf %w", tile.Path(), store.ErrMissing)
	}
	return tiles.Bundle(entries)
}
