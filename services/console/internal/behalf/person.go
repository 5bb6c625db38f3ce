package behalf

import (
	"context"
	"net/http"
	"time"
)

// Found is somebody whom a search has found.
type Found struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Masked bool   `json:"masked"` // a protected identity: the name is not shown in lists
}

// Search finds persons by a personal number or a case number; the other is empty.
func (v Voice) Search(ctx context.Context, nationalID, caseNumber string) ([]Found, error) {
	question := map[string]string{}
	if nationalID != "" {
		question["nationalId"] = nationalID
	}
	if caseNumber != "" {
		question["caseNumber"] = caseNumber
	}
	var said struct{ Persons []Found }
	err := v.call(ctx, http.MethodPost, "/v1/persons/search", question, &said)
	return said.Persons, err
}

// Person is what is stored of somebody.
type Person struct {
	ID             string            `json:"id"`
	NationalID     string            `json:"nationalId"`
	Fields         map[string]string `json:"fields"`
	RegisteredOn   string            `json:"registeredOn"`
	DeregisteredOn string            `json:"deregisteredOn"`
	DueAt          *time.Time        `json:"dueAt"`
}

// Person reads a person.
func (v Voice) Person(ctx context.Context, id string) (Person, error) {
	return about[Person](ctx, v, "/v1/persons/", id, "")
}

// CaseLine is one of a person's cases.
type CaseLine struct {
	ID       string     `json:"id"`
	Number   string     `json:"number"`
	Type     string     `json:"type"`
	OpenedAt time.Time  `json:"openedAt"`
	ClosedOn string     `json:"closedOn"`
	DueAt    *time.Time `json:"dueAt"`
	Assigned bool       `json:"assigned"` // to this officer
}

// Cases reads which cases a person has.
func (v Voice) Cases(ctx context.Context, person string) ([]CaseLine, error) {
	said, err := about[struct{ Cases []CaseLine }](ctx, v, "/v1/persons/", person, "/cases")
	return said.Cases, err
}
