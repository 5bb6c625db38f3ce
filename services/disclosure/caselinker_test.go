package disclosure_test

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"gallra.se/libs/bus"
	"gallra.se/libs/problem"
)

// answerAsCaseLinker stands in for the holder of persons.
func (w *world) answerAsCaseLinker() {
	w.answer("ask.case-linker.resolve", func(q question) (any, error) {
		person, found := w.persons[q.NationalID]
		if w.hidden[person] && len(w.agreed[person]) == 0 {
			return map[string]any{"found": false, "held": person}, nil
		}
		if w.hidden[person] {
			return map[string]any{"found": true, "person": person, "protected": true, "fields": w.agreed[person]}, nil
		}
		return map[string]any{"person": person, "found": found}, nil
	})
	w.answer("ask.case-linker.disclose", func(q question) (any, error) {
		if w.hidden[q.Person] && len(w.agreed[q.Person]) < len(q.Fields) {
			return nil, problem.New("not-found")
		}
		if q.Person != w.persons[anna] {
			return nil, problem.New("gone")
		}
		return map[string]any{"fields": map[string]any{"name": annasName, "nationalId": anna, "fund": "SE-AK-ALFA",
			"address":           "Provgatan 1",
			"registrationDates": []any{map[string]string{"from": "2021-09-01", "until": "2023-12-31"}, map[string]string{"from": "2024-10-01"}}}}, nil
	})
}

type question struct {
	Authority, NationalID string
	Person                uuid.UUID
	Fields                []string
}

func (w *world) answer(subject string, f func(question) (any, error)) {
	err := bus.Answer(w.t.Context(), w.nc, subject, "case-linker", func(_ context.Context, data []byte) ([]byte, error) {
		var q question
		if err := json.Unmarshal(data, &q); err != nil {
			return nil, err
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		v, err := f(q)
		if err != nil {
			return nil, err
		}
		return json.Marshal(v)
	})
	if err != nil {
		w.t.Fatal(err)
	}
}
