package api

import (
	"context"

	"gallra.se/libs/access"
	"gallra.se/libs/bearer"
)

// What is disclosed about a protected person, and that something was asked and is held, is for appointed officers (AFG-09,
// AFG-10). Everybody else, the recipient included, gets the answer about a person who does not exist, and finds in the log
// what is found about one.

// appointed says whether the caller may know of it.
func appointed(ctx context.Context) bool {
	c, ok := bearer.From(ctx)
	return ok && access.Appointed(c)
}
