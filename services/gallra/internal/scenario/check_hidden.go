package scenario

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/google/uuid"
	"go.yaml.in/yaml/v3"

	"gallra.se/services/gallra/internal/client"
)

// Hidden says from whom what is hidden.
type Hidden struct {
	From string
	Refs []string
}

func hiddenShape(file, key string, node *yaml.Node) (value any, refs []named, err error) {
	var h Hidden
	all, err := only(file, key, node, words("from refs"))
	if err != nil {
		return nil, nil, err
	}
	for _, m := range all {
		if m.key == "from" {
			h.From, err = scalar(file, m.key, m.value)
		} else if h.Refs, err = list(file, m.key, m.value); err == nil {
			refs = itemNames(m.value)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	if h.From == "" || len(h.Refs) == 0 {
		return nil, nil, refuse(file, node, "hidden says from whom, and which refs")
	}
	return h, refs, nil
}

// hidden wants exactly the answer for an unknown id: of the holder, of the service that knows the dates, and of the ledger.
func (r *run) hidden(ctx context.Context, step Step, value any) error {
	h := value.(Hidden)
	actor, known := r.file.Actors[h.From]
	if !known {
		return fmt.Errorf("nobody is called %q in this file", h.From)
	}
	return eachOf(h.Refs, func(ref string) error {
		t, err := r.named(ref)
		if err != nil {
			return err
		}
		caller, err := r.bench.As(t.Authority, h.From, actor.Roles, actor.Appointed)
		if err != nil {
			return err
		}
		caller = caller.For(handling)
		paths := map[string]string{t.Path: t.id(), "/v1/retention/" + t.Record: t.Record, "/v1/ledger/receipts?record=" + t.Record: t.Record}
		var differ []error
		for path, id := range paths {
			if err := likeUnknown(ctx, caller, t.Authority, path, id); err != nil {
				differ = append(differ, fmt.Errorf("%s: %w", strings.ReplaceAll(path, id, "{id}"), err))
			}
		}
		return errors.Join(differ...)
	})
}

// likeUnknown asks for an id and for one that there is not.
func likeUnknown(ctx context.Context, caller *client.Client, authority, path, id string) error {
	ask := func(path string) (client.Answer, error) {
		return caller.Do(ctx, client.Call{Authority: authority, Method: http.MethodGet, Path: path})
	}
	unknown, err := ask(strings.ReplaceAll(path, id, uuid.NewString()))
	if err != nil {
		return err
	}
	found, err := ask(path)
	if err != nil {
		return err
	}
	return sameAnswer(unknown, found)
}
