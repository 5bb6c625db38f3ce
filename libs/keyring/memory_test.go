package keyring

import (
	"context"
	"maps"
	"slices"
	"sync"
)

// memory is a Keystore without a disk: a test of many rotations would measure
// fsync otherwise.
type memory struct {
	mu   sync.Mutex
	keys map[int64][]byte
}

func (m *memory) Put(_ context.Context, generation int64, key []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keys[generation] = slices.Clone(key)
	return nil
}

func (m *memory) Get(_ context.Context, generation int64) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if held := m.keys[generation]; held != nil {
		return slices.Clone(held), nil
	}
	return nil, ErrNoKey
}

func (m *memory) Destroy(_ context.Context, generation int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.keys, generation)
	return nil
}

func (m *memory) Generations(context.Context) ([]int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(maps.Keys(m.keys)), nil
}
