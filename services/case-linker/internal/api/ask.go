package api

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"

	"gallra.se/libs/bus"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/casework"
	"gallra.se/services/case-linker/internal/store"
)

// service is the queue group of all that case-linker answers.
const service = "case-linker"

// Answer answers over NATS until ctx ends: lines, and what other services ask.
func (a *API) Answer(ctx context.Context, nc *nats.Conn) error {
	for _, subject := range []string{"in.*.person", "in.*.case"} {
		if err := a.Door().Reply(ctx, nc, subject, service); err != nil {
			return err
		}
	}
	for what, f := range map[string]func(context.Context, []byte) ([]byte, error){
		"summary": a.summary, "resolve": a.resolve, "disclose": a.disclose,
	} {
		if err := bus.Answer(ctx, nc, "ask."+service+"."+what, service, f); err != nil {
			return err
		}
	}
	return nil
}

// summary is counters and living records, without a word about anybody.
func (a *API) summary(ctx context.Context, _ []byte) ([]byte, error) {
	living, err := store.Living(ctx, a.Desk.DB)
	if err != nil {
		return nil, err
	}
	counters, err := store.Counters(ctx, a.Desk.DB)
	if err != nil {
		return nil, err
	}
	stored, unlinked, rest := map[string]int64{}, map[string]int64{}, map[string]int64{}
	for name, n := range counters {
		if category, ok := strings.CutPrefix(name, "stored/"); ok {
			stored[category] = n
		} else if reason, ok := strings.CutPrefix(name, "unlinked/"); ok {
			unlinked[reason] = n
		} else {
			rest[name] = n
		}
	}
	return json.Marshal(map[string]any{"stored": stored, "living": living, "unlinkedNotes": unlinked, "counters": rest})
}

// resolve finds the opaque id of a person by number, for disclosure.
func (a *API) resolve(ctx context.Context, question []byte) ([]byte, error) {
	var q casework.Asked
	if json.Unmarshal(question, &q) != nil {
		return nil, problem.New("not-json")
	}
	resolved, err := a.Desk.Resolve(ctx, q)
	if err != nil {
		return nil, err
	}
	return json.Marshal(resolved)
}

// disclose gives the named fields of a person, those that are known. Which may be asked for is disclosure's decision.
func (a *API) disclose(ctx context.Context, question []byte) ([]byte, error) {
	var q struct {
		Authority, Recipient string
		Person               uuid.UUID
		Fields               []string
	}
	if json.Unmarshal(question, &q) != nil {
		return nil, problem.New("not-json")
	}
	fields, err := a.Desk.Released(ctx, q.Authority, q.Recipient, q.Person, q.Fields)
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string]any{"fields": fields})
}
