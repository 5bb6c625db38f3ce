package assembly

import "gallra.se/libs/pg"

// Migrations are those of a service's database.
func Migrations(service string) []pg.Migration { return blueprints[service].migrations() }
