package behalf

import (
	"context"
	"net/http"
	"time"
)

// Case is a case with the ids of what lies in it.
type Case struct {
	ID       string     `json:"id"`
	Record   string     `json:"record"`
	Number   string     `json:"number"`
	Type     string     `json:"type"`
	OpenedAt time.Time  `json:"openedAt"`
	ClosedOn string     `json:"closedOn"`
	Persons  []string   `json:"persons"`
	Notes    []string   `json:"notes"`
	DueAt    *time.Time `json:"dueAt"`
}

// Case reads a case.
func (v Voice) Case(ctx context.Context, id string) (Case, error) {
	return about[Case](ctx, v, "/v1/cases/", id, "")
}

// Note is what somebody wrote in a case.
type Note struct {
	ID        string            `json:"id"`
	Case      string            `json:"case"`
	Category  string            `json:"category"`
	NotedAt   time.Time         `json:"notedAt"`
	Text      string            `json:"text"`
	Segments  map[string]string `json:"segments"`
	Author    string            `json:"author"`
	Reason    string            `json:"reason"`    // why it was taken over from another authority's case
	Relevance string            `json:"relevance"` // why it belongs in its case
	Persons   []string          `json:"persons"`
	Flags     []string          `json:"flags"`
}

// Note reads a note.
func (v Voice) Note(ctx context.Context, id string) (Note, error) {
	return about[Note](ctx, v, "/v1/notes/", id, "")
}

// End is until when a record is kept, as retention-timer has it.
type End struct {
	State  string   `json:"state"`
	Rule   string   `json:"rule"`
	Due    string   `json:"due"` // civil day from which it is gone, or none
	Paused []string `json:"paused"`
}

// End reads until when a record is kept.
func (v Voice) End(ctx context.Context, record string) (End, error) {
	return about[End](ctx, v, "/v1/retention/", record, "")
}

// NewNote is a note to be written.
type NewNote struct {
	Text      string   `json:"text"`
	Relevance string   `json:"relevance,omitempty"` // why it belongs in the case
	Final     bool     `json:"final,omitempty"`
	Draft     bool     `json:"draft,omitempty"`
	About     []string `json:"about,omitempty"` // none: all persons of the case
}

// Write writes a note in a case. Its author is the officer, its time the service's.
func (v Voice) Write(ctx context.Context, id string, n NewNote) error {
	id, err := opaque(id)
	if err != nil {
		return err
	}
	return v.call(ctx, http.MethodPost, "/v1/cases/"+id+"/notes", n, nil)
}
