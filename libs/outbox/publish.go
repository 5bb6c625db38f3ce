package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
)

// Headers of JetStream's atomic batches (nats-server ≥ 2.12; group fsync from
// 2.15).
const (
	headerBatchID  = "Nats-Batch-Id"
	headerBatchSeq = "Nats-Batch-Sequence"
	headerCommit   = "Nats-Batch-Commit"
	// ContentType of every event in a stream.
	ContentType = "application/cloudevents+json"
)

// codeDuplicate: a message id of the batch is already in the stream; the whole
// batch was refused.
const codeDuplicate = 10201

type ack struct {
	Stream    string `json:"stream"`
	Sequence  uint64 `json:"seq"`
	Duplicate bool   `json:"duplicate"`
	Error     *struct {
		Code        int    `json:"code"`
		ErrCode     int    `json:"err_code"`
		Description string `json:"description"`
	} `json:"error"`
}

var errDuplicate = errors.New("a message of the batch is already stored")

// publish stores rows in order: one message alone, more as one atomic batch. A
// batch refused because part of it is already stored (the crash between
// acknowledgement and mark) is published singly; JetStream then drops the
// duplicates.
func publish(ctx context.Context, nc *nats.Conn, rows []row) error {
	if len(rows) == 1 {
		return single(ctx, nc, rows[0])
	}
	err := batch(ctx, nc, rows)
	if !errors.Is(err, errDuplicate) {
		return err
	}
	for _, r := range rows {
		if err := single(ctx, nc, r); err != nil {
			return err
		}
	}
	return nil
}

func single(ctx context.Context, nc *nats.Conn, r row) error {
	return request(ctx, nc, message(r))
}

func batch(ctx context.Context, nc *nats.Conn, rows []row) error {
	id := uuid.NewString()
	last := len(rows) - 1
	for i, r := range rows {
		m := message(r)
		m.Header.Set(headerBatchID, id)
		m.Header.Set(headerBatchSeq, strconv.Itoa(i+1))
		if i == last {
			m.Header.Set(headerCommit, "1")
			return request(ctx, nc, m)
		}
		if err := nc.PublishMsg(m); err != nil {
			return err
		}
	}
	return nil
}

func message(r row) *nats.Msg {
	m := nats.NewMsg(r.Subject)
	m.Data = r.Payload
	m.Header.Set("Content-Type", ContentType)
	m.Header.Set(nats.MsgIdHdr, r.Event.String())
	return m
}

func request(ctx context.Context, nc *nats.Conn, m *nats.Msg) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	reply, err := nc.RequestMsgWithContext(ctx, m)
	if err != nil {
		return fmt.Errorf("await acknowledgement: %w", err)
	}
	var a ack
	if err := json.Unmarshal(reply.Data, &a); err != nil {
		return fmt.Errorf("read acknowledgement: %w", err)
	}
	switch {
	case a.Error == nil:
		return nil
	case a.Error.ErrCode == codeDuplicate:
		return errDuplicate
	default:
		return fmt.Errorf("refused with %d: %s", a.Error.ErrCode, a.Error.Description)
	}
}
