package bus

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

// Headers of JetStream's atomic batches (group fsync from nats-server 2.15).
const (
	headerBatchID  = "Nats-Batch-Id"
	headerBatchSeq = "Nats-Batch-Sequence"
	headerCommit   = "Nats-Batch-Commit"
)

const (
	// BatchMax is how many messages one batch may hold.
	BatchMax   = 1000
	ackTimeout = 10 * time.Second
	// codeDuplicate: a message id of the batch is stored already; the whole batch
	// was refused.
	codeDuplicate = 10201
)

var errDuplicate = errors.New("a message of the batch is stored already")

// Publish stores messages of one stream in order: one alone, more (at most
// BatchMax) as one atomic batch, of which the server makes one fsync. Each bears
// a message id. A batch that holds what is stored already (a crash between
// acknowledgement and mark) is refused whole and published singly: JetStream
// then drops what it has.
func Publish(ctx context.Context, nc *nats.Conn, messages []*nats.Msg) error {
	if len(messages) > 1 {
		err := publishBatch(ctx, nc, messages)
		if !errors.Is(err, errDuplicate) {
			return err
		}
	}
	for _, m := range messages {
		if err := publishOne(ctx, nc, m); err != nil {
			return err
		}
	}
	return nil
}

func publishBatch(ctx context.Context, nc *nats.Conn, messages []*nats.Msg) error {
	id := uuid.NewString()
	last := len(messages) - 1
	for i, m := range messages {
		m = inBatch(m, id, i+1)
		if i == last {
			m.Header.Set(headerCommit, "1")
			return publishOne(ctx, nc, m)
		}
		if err := nc.PublishMsg(m); err != nil {
			return fmt.Errorf("publish in a batch: %w", err)
		}
	}
	return nil
}

// inBatch is a copy of a message that takes its place in a batch.
func inBatch(m *nats.Msg, id string, place int) *nats.Msg {
	c := &nats.Msg{Subject: m.Subject, Data: m.Data, Header: make(nats.Header, len(m.Header)+3)}
	for name, values := range m.Header {
		c.Header[name] = values
	}
	c.Header.Set(headerBatchID, id)
	c.Header.Set(headerBatchSeq, strconv.Itoa(place))
	return c
}

func publishOne(ctx context.Context, nc *nats.Conn, m *nats.Msg) error {
	ctx, cancel := context.WithTimeout(ctx, ackTimeout)
	defer cancel()
	reply, err := nc.RequestMsgWithContext(ctx, m)
	if err != nil {
		return fmt.Errorf("await acknowledgement: %w", err)
	}
	var ack struct {
		Error *struct {
			ErrCode     int    `json:"err_code"`
			Description string `json:"description"`
		} `json:"error"`
	}
	if err := json.Unmarshal(reply.Data, &ack); err != nil {
		return fmt.Errorf("read acknowledgement: %w", err)
	}
	switch {
	case ack.Error == nil:
		return nil
	case ack.Error.ErrCode == codeDuplicate:
		return errDuplicate
	}
	return fmt.Errorf("publish: refused with %d: %s", ack.Error.ErrCode, ack.Error.Description)
}
