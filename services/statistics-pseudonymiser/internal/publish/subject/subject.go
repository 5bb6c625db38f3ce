// Package subject names the subjects of the analysts' stream:
//
//	stats.v1.<authority>.<dataset>.<period>.<record>
//
// The period is the closed quarter and the record the row's random id: nothing
// in a subject says more than the row itself.
package subject

import (
	"strings"

	"github.com/google/uuid"
)

// Dataset of the rows of closed cases.
const Dataset = "closed-cases"

const prefix = "stats.v1"

// All is every subject of the stream.
const All = prefix + ".>"

// Of is the subject of one row. A row has one subject for life.
func Of(authority, period string, record uuid.UUID) string {
	return strings.Join([]string{prefix, authority, Dataset, period, record.String()}, ".")
}
