package guard

import (
	"context"

	"gallra.se/libs/access"
	"gallra.se/libs/bearer"
)

// machineRole is that of the systems that hand contacts in: they go on handing in
// what they have begun, and read nothing.
const machineRole = "channel"

// Hides says whether a record of a protected person is hidden from the caller in
// ctx, who then hears what is heard about a record that is not there (AFG-10). Work
// that answers nobody has no caller.
func Hides(ctx context.Context, protected bool) bool {
	c, somebody := bearer.From(ctx)
	return protected && somebody && !access.Appointed(c)
}

// HidesFromPeople is Hides for what a machine hands in.
func HidesFromPeople(ctx context.Context, protected bool) bool {
	c, _ := bearer.From(ctx)
	return Hides(ctx, protected) && !c.Has(machineRole)
}
