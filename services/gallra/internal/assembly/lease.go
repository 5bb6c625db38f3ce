package assembly

import (
	"net"
	"sync"
)

// doorway is one listener for the many lives of an instance: each has a lease on it, and
// what ends a lease leaves the listener open.
type doorway struct {
	real  net.Listener
	conns chan net.Conn
	ended chan struct{}
	why   error // set before ended is closed
}

func newDoorway(real net.Listener) *doorway {
	d := &doorway{real: real, conns: make(chan net.Conn), ended: make(chan struct{})}
	go d.accept()
	return d
}

// accept hands each connection to whoever has the lease when it comes.
func (d *doorway) accept() {
	for {
		conn, err := d.real.Accept()
		if err != nil {
			d.why = err
			close(d.ended)
			return
		}
		d.conns <- conn
	}
}

// lease is a listener until it is closed.
func (d *doorway) lease() *lease {
	return &lease{doorway: d, over: make(chan struct{})}
}

type lease struct {
	*doorway
	once sync.Once
	over chan struct{}
}

func (l *lease) Accept() (net.Conn, error) {
	select {
	case <-l.over:
		return nil, net.ErrClosed
	default:
	}
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.over:
		return nil, net.ErrClosed
	case <-l.ended:
		return nil, l.why
	}
}

func (l *lease) Close() error {
	l.once.Do(func() { close(l.over) })
	return nil
}

func (l *lease) Addr() net.Addr { return l.real.Addr() }
