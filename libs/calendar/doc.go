// Package calendar counts in civil dates: periods of months and days, the day from whose 00:00 a record is gone, and the
// last day of an answer's deadline.
//
// It promises three things. A date carries no time of day and no zone, so no daylight-saving night can move it. A period
// is added in one step by the same-number rule (SFS 1930:173 section 1; Regulation 1182/71 article 3), so 26 months are
// never 12 months and 14 months. Disposal dates never move for weekends or holidays; response deadlines do. PostgreSQL counts
// the same days by its own arithmetic: a test asks it.
//
// It reads no clock: "today" is always an argument. Source of the rules: section 3 of the requirements.
package calendar
