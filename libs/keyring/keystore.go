package keyring

import (
	"context"
	"errors"
	"time"
)

// Keystore holds the root keys: usually one, two during a rotation. What it
// destroys no one may be able to get back. Package keystoretest is what every
// one of them has to do.
type Keystore interface {
	// Put makes key durable under generation before it returns, over an unused
	// one of a crashed rotation.
	Put(ctx context.Context, generation int64, key []byte) error
	// Get returns the key, or ErrNoKey.
	Get(ctx context.Context, generation int64) ([]byte, error)
	// Destroy removes the key for good; again is no error.
	Destroy(ctx context.Context, generation int64) error
	// Generations lists what is held, ascending, and what a crash left half put:
	// that must go too.
	Generations(ctx context.Context) ([]int64, error)
}

// Described is a Keystore that can say more of itself.
type Described interface {
	Keystore
	// Provider names the kind: "file", "openbao".
	Provider() string
	// MadeAt is when the key of a generation was put (the machine's time, or the
	// key server's), or ErrNoKey.
	MadeAt(ctx context.Context, generation int64) (time.Time, error)
}

var (
	// ErrNoKey says that a keystore does not hold a generation.
	ErrNoKey = errors.New("keystore does not hold the generation")
	// ErrDestroyed says that a unit's key was destroyed: what it sealed is gone.
	ErrDestroyed = errors.New("unit was destroyed")
	// ErrUnknown says that there never was such a unit.
	ErrUnknown = errors.New("unit is unknown")
	// ErrBox says that a box does not open: another unit, record or category, or
	// damage.
	ErrBox = errors.New("box does not open")
	// ErrKeystore says that keystore and key database do not belong together: a
	// backup of one was restored without the other, or an address is wrong.
	ErrKeystore = errors.New("keystore and key database do not belong together")
	// ErrOpenKeystore says that others could read, or could have replaced, what is
	// in a keystore.
	ErrOpenKeystore = errors.New("keystore is open to others")
)
