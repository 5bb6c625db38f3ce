package assembly

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"

	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/pg"
	"gallra.se/libs/policy"
)

// parts is what every service is built from. Close gives everything back.
type parts struct {
	Config
	DB     *pgxpool.Pool
	keyDB  *pgxpool.Pool
	Keys   *keyring.Ring
	NC     *nats.Conn
	Stats  *nats.Conn
	Clock  clock.Business
	Policy *policy.Set
	Bearer *bearer.Verifier
}

// The pools of one service: the relay and each agenda keep a connection for long.
const (
	dataConnections = 12
	keyConnections  = 6
)

func gather(ctx context.Context, c Config, migrations []pg.Migration) (*parts, error) {
	p := &parts{Config: c, Bearer: c.Verifier()}
	for _, step := range []struct {
		what    string
		mayCome func(error) bool
		do      func(context.Context) error
	}{
		{"database", pg.Unreachable, func(ctx context.Context) error { return p.openData(ctx, migrations) }},
		{"key database", keysMayCome, p.openKeys},
		{"NATS", NatsMayCome, p.connect},
		{"policy", never, p.readPolicy},
		{"clock", never, p.readClock},
	} {
		if err := Await(ctx, c.Log, step.what, step.mayCome, step.do); err != nil {
			p.Close()
			return nil, fmt.Errorf("start %s: %w", c.Service, err)
		}
	}
	return p, nil
}

func never(error) bool { return false }

func (p *parts) openData(ctx context.Context, migrations []pg.Migration) (err error) {
	if p.Database == "" {
		return nil
	}
	if err := pg.MigrateAll(ctx, p.Database, migrations...); err != nil {
		return err
	}
	p.DB, err = pg.Open(ctx, p.Database, pg.MaxConns(dataConnections), pg.Worlds)
	return err
}

func (p *parts) openKeys(ctx context.Context) (err error) {
	if p.KeyDatabase == "" {
		return nil
	}
	if err := pg.MigrateAll(ctx, p.KeyDatabase, keyring.Migration()); err != nil {
		return err
	}
	if p.keyDB == nil { // a wait may bring us here again
		if p.keyDB, err = pg.Open(ctx, p.KeyDatabase, pg.MaxConns(keyConnections)); err != nil {
			return err
		}
	}
	store, err := p.Keystore.open(p.Service)
	if err != nil {
		return err
	}
	p.Keys, err = keyring.Open(ctx, p.keyDB, store, p.Keystore.options()...)
	return err
}

func (p *parts) connect(context.Context) (err error) {
	if p.NC == nil {
		if p.NC, err = Connect(p.Nats, p.Service, p.Log); err != nil {
			return err
		}
	}
	if p.StatsNats.SeedFile != "" {
		p.Stats, err = Connect(p.StatsNats, p.Service, p.Log)
	}
	return err
}

func (p *parts) readPolicy(context.Context) (err error) {
	p.Policy, err = policy.Load(policy.Packs())
	return err
}

func (p *parts) readClock(ctx context.Context) error {
	if !p.Simulated {
		p.Clock = clock.Real()
		return nil
	}
	follower, err := clock.Follow(ctx, p.NC)
	p.Clock = follower
	return err
}

// Close ends connections and pools.
func (p *parts) Close() {
	for _, nc := range []*nats.Conn{p.NC, p.Stats} {
		if nc != nil {
			nc.Close()
		}
	}
	for _, pool := range []*pgxpool.Pool{p.DB, p.keyDB} {
		if pool != nil {
			pool.Close()
		}
	}
}
