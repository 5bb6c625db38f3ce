package problem

import (
	"errors"
	"io"
	"net"
	"strings"
	"time"
)

// comeBack is when a caller is asked to come again whom a server that is away has kept from an answer.
const comeBack = 2 * time.Second

// passing says that a fault is expected to end by itself: a server is away, is starting or has no room. What was asked for
// may have been done before it went; whoever asks again with the same id is answered as the first time.
func passing(err error) bool {
	var timeout interface{ Timeout() bool }
	var state interface{ SQLState() string }
	var dialling *net.OpError
	switch {
	case errors.As(err, &state):
		return passingState(state.SQLState())
	case errors.As(err, &timeout) && timeout.Timeout():
		return true
	}
	return errors.As(err, &dialling) || errors.Is(err, net.ErrClosed) || errors.Is(err, io.ErrUnexpectedEOF)
}

// passingState knows the SQLSTATEs of connections that break (08), of a server without disk, memory or connections (53), and
// of one that stops or starts (57P).
func passingState(code string) bool {
	return strings.HasPrefix(code, "08") || strings.HasPrefix(code, "53") || strings.HasPrefix(code, "57P")
}
