package casework

import (
	"github.com/google/uuid"

	"gallra.se/services/case-linker/internal/store"
)

// Seen is what a decision about access, and the log of it, must know of a record: nothing of it is shown.
type Seen struct {
	Record    uuid.UUID
	Category  string
	CaseType  string      // empty outside a case
	Case      uuid.UUID   // uuid.Nil outside a case
	Persons   []uuid.UUID // whom it is about
	Protected bool        // one of them has a protected identity
	Name      string      // of the one person it is about, to compare with the reader's
	Address   string
}

// Seen is the person's identity.
func (v PersonView) Seen() Seen {
	return Seen{Record: v.ID, Category: store.CategoryIdentity, Persons: []uuid.UUID{v.ID}, Protected: v.protected,
		Name: v.Fields["name"], Address: v.Fields["address"]}
}

// Seen is the case's file.
func (v CaseView) Seen() Seen {
	return Seen{Record: v.Record, Category: store.CategoryFile, CaseType: v.Type, Case: v.ID, Persons: v.Persons, Protected: v.protected}
}

// Seen is the note.
func (v NoteView) Seen() Seen {
	category := v.Category
	if category == store.CategoryDraft {
		category = store.CategoryNote // who may read a note may read what is not finished yet
	}
	return Seen{Record: v.ID, Category: category, CaseType: v.caseType, Case: v.Case, Persons: v.Persons, Protected: v.protected}
}
