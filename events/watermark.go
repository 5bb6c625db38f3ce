package events

import "time"

const TypeWatermarkPassed = "se.gallra.watermark.passed.v1"

// WatermarkPassed: everything that Service committed before At (business time, UTC) stands before this event in its
// stream. The relay sends one per clock version, or every few seconds of a real clock.
type WatermarkPassed struct {
	Service string    `json:"service" data:"none"`
	At      time.Time `json:"at" data:"none"`
}
