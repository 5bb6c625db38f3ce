package bus

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// WatermarkType is the event that a producer's relay sends after everything
// that it committed before a time.
const WatermarkType = "se.gallra.watermark.passed.v1"

// wantsWatermark says that a message is a watermark, and this a service that wants them.
func (c *Consumer) wantsWatermark(subject string) bool {
	return c.cfg.Watermark != nil && strings.HasSuffix(subject, ".watermark.passed.v1")
}

// watermarkOf reads a watermark for a service that wants them.
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
	return &Watermark{Stream: ev.Stream, Service: said.Service, At: said.At.UTC()}, nil
}

// pass tells of a watermark for the partitions that this reader has followed: the
// stream is read in order, so at a watermark each of them has come as far. It says
// nothing of the others, which another instance applies. Whoever moves a position
// beyond a watermark has read it, and told of it before: a partition that comes later
// to another instance has its word already.
func (r *reader) pass(ctx context.Context, tx pgx.Tx, w Watermark) error {
	w.Partitions = partitionsOf(r.share)
	if len(w.Partitions) == 0 {
		return nil
	}
	return r.c.cfg.Watermark(ctx, tx, w)
}
