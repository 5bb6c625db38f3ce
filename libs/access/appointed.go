package access

import "gallra.se/libs/bearer"

// appointedRole is the role whose bearers may be appointed for protected persons.
const appointedRole = "protected-officer"

// Appointed says whether the caller may know that protected persons exist (AFG-10). For everybody else they do not: whoever
// answers a list, a count or a write must ask this before anything else is decided.
func Appointed(c bearer.Claims) bool { return c.Appointed && c.Has(appointedRole) }
