package problem_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"gallra.se/libs/problem"
)

func TestAServerThatIsAwayIsNoFaultOfTheCallers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want string
	}{
		{&pgconn.PgError{Code: "57P01"}, "unavailable"}, // shut down
		{&pgconn.PgError{Code: "57P03"}, "unavailable"}, // starting
		{&pgconn.PgError{Code: "53100"}, "unavailable"}, // disk full
		{&pgconn.PgError{Code: "53300"}, "unavailable"}, // no connection free
		{&pgconn.PgError{Code: "23505"}, "internal"},    // a bug of ours
		{&pgconn.PgError{Code: "42P01"}, "internal"},
		{&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, "unavailable"},
		{&net.OpError{Op: "read", Err: syscall.ECONNRESET}, "unavailable"},
		{io.ErrUnexpectedEOF, "unavailable"},
		{context.DeadlineExceeded, "unavailable"},
		{errors.New("anything else"), "internal"},
		{problem.New("not-found"), "not-found"},
	} {
		if got := problem.From(fmt.Errorf("store contact: %w", c.err)).Reason; got != c.want {
			t.Errorf("%v: %s, want %s", c.err, got, c.want)
		}
	}
}
