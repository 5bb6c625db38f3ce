package provision

import (
	"context"

	"gallra.se/libs/pg"
)

// Databases gives each name a database and a role of its own on one server. password finds
// a role's.
func Databases(ctx context.Context, admin pg.Admin, names []string, password func(role string) (string, error)) error {
	for _, name := range names {
		secret, err := password(name)
		if err != nil {
			return err
		}
		if err := admin.EnsureRole(ctx, name, secret); err != nil {
			return err
		}
		if err := admin.EnsureDatabase(ctx, name, name); err != nil {
			return err
		}
	}
	return admin.CloseDefaults(ctx)
}
