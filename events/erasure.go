package events

import "github.com/google/uuid"

const TypeErasureOrdered = "se.gallra.erasure.ordered.v1"

// ErasureOrdered: an order to erase, outside retention, concerns a part of these units only. The holder gives each of Records
// a unit of its own, so that it can go alone, or stay when the rest goes. What has a unit of its own already needs no such
// word: its date is told as every other, with the trigger erasure-ordered.
type ErasureOrdered struct {
	Erasure uuid.UUID   `json:"erasure" data:"pseudonymous"`
	Holder  string      `json:"holder" data:"none"`
	Units   []uuid.UUID `json:"units" data:"pseudonymous"`
	Records []uuid.UUID `json:"records" data:"pseudonymous"`
}
