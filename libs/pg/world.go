package pg

import (
	"context"
	"embed"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/world"
)

// setting is what the row-level policies of the tables look at.
const setting = "gallra.authority"

//go:embed worlds/*.sql
var dividing embed.FS

// Dividing is the migration that divides every table with an authority into worlds: a service's last.
var Dividing = Migration{FS: dividing, Dir: "worlds", Table: "worlds_version"}

// Worlds has every connection see and write only the rows of the world that its work is in: the caller's authority in a
// request, all in a worker. A query that forgets its authority then finds nothing of another.
func Worlds(c *pgxpool.Config) {
	c.PrepareConn = func(ctx context.Context, conn *pgx.Conn) (bool, error) {
		wanted, known := world.Of(ctx), conn.PgConn().CustomData()
		if is, _ := known[setting].(string); is == wanted || is == "" && wanted == world.All {
			return true, nil
		}
		if _, err := conn.Exec(ctx, `SELECT set_config('`+setting+`', $1, false)`, wanted); err != nil {
			return false, nil // another connection is tried
		}
		known[setting] = wanted
		return true, nil
	}
}
