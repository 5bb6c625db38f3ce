package client

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Receipt is one entry of the ledger with its proof, as the ledger hands it out.
type Receipt struct {
	Index   int64  `json:"index"`
	Record  string `json:"record"`
	Receipt string `json:"receipt"`
}

const receiptPage = 500

// longestReceipt is far above what one may measure, with its JSON escapes.
const longestReceipt = 64 << 10

// Receipts calls take for every receipt of the ledger from index after on, at most limit
// of them (0: all). record, where it is not empty, picks those of one record.
func (c *Client) Receipts(ctx context.Context, after, limit int64, record string, take func(Receipt) error) error {
	for {
		page := int64(receiptPage)
		if limit > 0 {
			page = min(page, limit)
		}
		taken, last, err := c.receiptPage(ctx, after, page, record, take)
		if err != nil {
			return err
		}
		if limit > 0 {
			if limit -= taken; limit == 0 {
				return nil
			}
		}
		if taken < page {
			return nil
		}
		after = last
	}
}

func (c *Client) receiptPage(ctx context.Context, after, limit int64, record string, take func(Receipt) error) (taken, last int64, err error) {
	query := url.Values{"limit": {strconv.FormatInt(limit, 10)}}
	if after >= 0 {
		query.Set("after", strconv.FormatInt(after, 10))
	}
	if record != "" {
		query.Set("record", record)
	}
	answer, err := c.Do(ctx, Call{Method: http.MethodGet, Path: "/v1/ledger/receipts?" + query.Encode()})
	if err != nil {
		return 0, after, err
	}
	if !answer.OK() {
		return 0, after, answer.Refusal()
	}
	last = after
	lines := bufio.NewScanner(bytes.NewReader(answer.Body))
	lines.Buffer(make([]byte, 0, 16<<10), longestReceipt)
	for lines.Scan() {
		var receipt Receipt
		if err := json.Unmarshal(lines.Bytes(), &receipt); err != nil {
			return taken, last, fmt.Errorf("decode receipt behind index %d: %w", last, err)
		}
		if err := take(receipt); err != nil {
			return taken, last, err
		}
		taken, last = taken+1, receipt.Index
	}
	return taken, last, lines.Err()
}

// LedgerKey asks for the public key that receipts are verified with.
func (c *Client) LedgerKey(ctx context.Context) (string, error) {
	answer, err := c.Do(ctx, Call{Method: http.MethodGet, Path: "/v1/ledger/key"})
	if err != nil {
		return "", err
	}
	if !answer.OK() {
		return "", answer.Refusal()
	}
	var key string
	if json.Unmarshal(answer.Body, &key) == nil {
		return key, nil
	}
	return strings.TrimSpace(string(answer.Body)), nil
}
