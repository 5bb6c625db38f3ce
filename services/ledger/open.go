package ledger

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/pg"
	"gallra.se/services/ledger/internal/key"
	"gallra.se/services/ledger/internal/store"
	"gallra.se/services/ledger/receipt"
)

var errOtherKey = errors.New("the log was begun with another key than the key file holds: restore that file; receipts already issued would not verify")

// openLog finds the key that the log was begun with, or begins the log. A log
// whose key file is lost gets no new key: its receipts would have no witness.
func (s *Service) openLog(ctx context.Context) (key.Key, error) {
	var k key.Key
	err := pg.Tx(ctx, s.deps.DB, func(tx pgx.Tx) (err error) {
		k, err = s.keyFor(ctx, tx)
		if err != nil {
			return err
		}
		begunWith, err := store.PublicKeyOf(ctx, tx, k.Public)
		if err == nil && begunWith != k.Public {
			return errOtherKey
		}
		return err
	})
	if err != nil {
		return key.Key{}, fmt.Errorf("open ledger: %w", err)
	}
	return k, nil
}

func (s *Service) keyFor(ctx context.Context, tx pgx.Tx) (key.Key, error) {
	k, err := key.Load(s.deps.Config.KeyFile)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	begun, err := store.Begun(ctx, tx)
	if err != nil {
		return key.Key{}, err
	}
	if begun {
		return key.Key{}, errOtherKey
	}
	return key.LoadOrMake(s.deps.Config.KeyFile, receipt.Origin)
}
