// Package sample moves a journal to the present: every time and date in it by the same
// number of whole weeks, so that weekdays stay and the last line lies in the past week.
// A sample that was written down once would otherwise be overdue the day it is read.
package sample

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"gallra.se/services/gallra/internal/importer"
)

const week = 7 * 24 * time.Hour

// Recent returns the journal moved so that its last line lies less than a week before now.
func Recent(journal io.Reader, now time.Time) (io.Reader, int, error) {
	var lines []map[string]any
	var last time.Time
	err := importer.Lines(journal, func(line importer.Line) error {
		var keys map[string]any
		if err := json.Unmarshal(line.Raw, &keys); err != nil {
			return fmt.Errorf("line %d of the sample is no JSON", line.Number)
		}
		if line.At.After(last) {
			last = line.At
		}
		lines = append(lines, keys)
		return nil
	})
	if err != nil {
		return nil, 0, err
	}
	by := now.Sub(last) / week * week
	var moved bytes.Buffer
	for _, keys := range lines {
		move(keys, by)
		text, err := json.Marshal(keys)
		if err != nil {
			return nil, 0, err
		}
		moved.Write(append(text, '\n'))
	}
	return &moved, len(lines), nil
}

// move changes the times that a line may hold: instants keep their offset.
func move(keys map[string]any, by time.Duration) {
	for _, name := range []string{"at", "startedAt", "endedAt", "effective"} {
		text, ok := keys[name].(string)
		if !ok {
			continue
		}
		for _, layout := range []string{time.RFC3339, time.DateOnly} {
			if at, err := time.Parse(layout, text); err == nil {
				keys[name] = at.Add(by).Format(layout)
			}
		}
	}
}
