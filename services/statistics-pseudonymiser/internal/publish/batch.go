package publish

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

const (
	headerBatchID  = "Nats-Batch-Id"
	headerBatchSeq = "Nats-Batch-Sequence"
	headerCommit   = "Nats-Batch-Commit"

	maxBatch      = 1000  // JetStream's limit
	codeDuplicate = 10201 // a message id of the batch is stored already
	ackTimeout    = 10 * time.Second
)

var errDuplicate = errors.New("a message of the batch is stored already")

// send stores messages as one atomic batch, of which the server makes one fsync.
// After a crash between acknowledgement and mark the batch holds what is stored
// already, and is refused whole: then each is sent alone and counts once.
func send(ctx context.Context, nc *nats.Conn, messages []*nats.Msg) error {
	if len(messages) > 1 {
		err := sendBatch(ctx, nc, messages)
		if !errors.Is(err, errDuplicate) {
			return err
		}
	}
	for _, m := range messages {
		if err := request(ctx, nc, m); err != nil {
			return err
		}
	}
	return nil
}

func sendBatch(ctx context.Context, nc *nats.Conn, messages []*nats.Msg) error {
	batch := uuid.NewString()
	last := len(messages) - 1
	for i, m := range messages {
		m = copyOf(m)
		m.Header.Set(headerBatchID, batch)
		m.Header.Set(headerBatchSeq, strconv.Itoa(i+1))
		if i == last {
			m.Header.Set(headerCommit, "1")
			return request(ctx, nc, m)
		}
		if err := nc.PublishMsg(m); err != nil {
			return fmt.Errorf("publish row: %w", err)
		}
	}
	return nil
}

func copyOf(m *nats.Msg) *nats.Msg {
	c := &nats.Msg{Subject: m.Subject, Data: m.Data, Header: nats.Header{}}
	for name, values := range m.Header {
		c.Header[name] = values
	}
	return c
}

func request(ctx context.Context, nc *nats.Conn, m *nats.Msg) error {
	ctx, cancel := context.WithTimeout(ctx, ackTimeout)
	defer cancel()
	reply, err := nc.RequestMsgWithContext(ctx, m)
	if err != nil {
		return fmt.Errorf("publish row: %w", err)
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
	return fmt.Errorf("publish row: refused with %d: %s", ack.Error.ErrCode, ack.Error.Description)
}
