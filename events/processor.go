package events

import "time"

// TypeProcessorActivated is the type of ProcessorActivated.
const TypeProcessorActivated = "se.gallra.processor.activated.v1"

// ProcessorActivated: a company that meets the notice's terms processes data on the authority's behalf from now on.
type ProcessorActivated struct {
	Processor   string    `json:"processor" data:"none"` // its name
	Service     string    `json:"service,omitempty" data:"none"`
	Country     string    `json:"country" data:"none"` // ISO 3166-1 alpha-2, where it processes
	Secrecy     bool      `json:"secrecy" data:"none"` // it is bound to secrecy
	Dedicated   bool      `json:"dedicated" data:"none"`
	ActivatedAt time.Time `json:"activatedAt" data:"none"`
}
