package provision

import (
	"context"

	"gallra.se/libs/pg"
)

// Databases gives each name a database and a role of its own on one server. password finds
// a role's.
func Databases(ctx context.Context, admin pg.Admin, names []string, password func(role string) (string, error)) error {
	return admin.Session(ctx, func(admin pg.Admin) error {
		for _, name := range names {
			if err := database(ctx, admin, name, password); err != nil {
				return err
			}
		}
		return admin.CloseDefaults(ctx)
	})
}

func database(ctx context.Context, admin pg.Admin, name string, password func(role string) (string, error)) error {
	secret, err := password(name)
	if err != nil {
		return err
	}
	if err := admin.EnsureRole(ctx, name, secret); err != nil {
		return err
	}
	return admin.EnsureDatabase(ctx, name, name)
}
