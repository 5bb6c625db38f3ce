package bus

import "time"

// WatermarkType is the event that a producer's relay sends after everything
// that it committed before a time.
const WatermarkType = "se.gallra.watermark.passed.v1"

// watermarkOf reads a watermark for a service that wants them. The whole stream
// is read in order, so at a watermark every partition has come as far.
func (c *Consumer) watermarkOf(ev Event) (*Watermark, error) {
	if ev.Type != WatermarkType || c.cfg.Watermark == nil {
		return nil, nil
	}
	var said struct {
		Service string    `json:"service"`
		At      time.Time `json:"at"`
	}
	if err := ev.Into(&said); err != nil {
		return nil, err
	}
	w := &Watermark{Stream: ev.Stream, Service: said.Service, At: said.At.UTC(), Partitions: make([]int, Partitions)}
	for p := range w.Partitions {
		w.Partitions[p] = p
	}
	return w, nil
}
