package events

const (
	TypeStatisticsRecorded  = "se.gallra.statistics.recorded.v1"
	TypeStatisticsWithdrawn = "se.gallra.statistics.withdrawn.v1"
	TypeStatisticsSeparated = "se.gallra.statistics.separated.v1"
	TypeStatisticsRow       = "se.gallra.statistics.row.v1"
)

// StatisticsRecorded: a case was closed; Sealed holds a SealedStatisticsRecorded, to statistics-pseudonymiser.
// Like its two siblings it is unlinkable: a fresh UUIDv4 as id, subject and partition key, no traceparent.
type StatisticsRecorded struct {
	Sealed []byte `json:"sealed" data:"personal"`
	KeyID  string `json:"keyId" data:"none"`
}

// StatisticsWithdrawn: the case was reopened or corrected. Sealed holds a SealedStatisticsWithdrawn.
type StatisticsWithdrawn struct {
	Sealed []byte `json:"sealed" data:"personal"`
	KeyID  string `json:"keyId" data:"none"`
}

// StatisticsSeparated: the case is being disposed of. Sealed holds a SealedStatisticsSeparated.
type StatisticsSeparated struct {
	Sealed []byte `json:"sealed" data:"personal"`
	KeyID  string `json:"keyId" data:"none"`
}

// StatisticsRow is what analysts get: keys that mean nothing outside the statistics store, and coarse codes.
type StatisticsRow struct {
	RecordID      string `json:"record_id" data:"pseudonymous"`
	PersonPsn     string `json:"person_psn" data:"pseudonymous"` // 128 bits, Crockford base32, 26 characters
	Epoch         int    `json:"epoch" data:"none"`              // year of closure
	Revision      int    `json:"revision" data:"none"`
	SchemaVersion int    `json:"schema_v" data:"none"`
	StatisticsFields
}

// StatisticsFields are generalised at the edge, in case-linker: every value is a code of the policy pack, never a day
// and never text. Quasi-identifiers, then sensitive fields, then quality.
type StatisticsFields struct {
	Sex           string `json:"sex" data:"none" enum:"female|male|unknown"`
	AgeBand       string `json:"age_band" data:"none"` // 25-29, climbing to 20-29 and *
	County        string `json:"county" data:"none"`   // 01, climbing to SE11 and SE
	SSYK          string `json:"ssyk" data:"none"`     // 23, climbing to 2 and *
	ClosedQuarter string `json:"closed_quarter" data:"none" pattern:"^[0-9]{4}Q[1-4]$"`

	Programme     string `json:"programme" data:"none"`
	SpellBand     string `json:"spell_band" data:"none" enum:"<13|13-25|26-51|52-103|>=104"` // weeks
	CaseType      string `json:"case_type" data:"none"`
	ClosingReason string `json:"closing_reason" data:"none"`
	ContactsBand  string `json:"contacts_band" data:"none" enum:"0|1-2|3-5|6-10|>10"`
	ChannelMain   string `json:"channel_main" data:"none"`
	PriorCases5Y  string `json:"prior_cases_5y" data:"none" enum:"0|1|2+"`

	ImputedFlags        []string `json:"imputed_flags" data:"none"` // names of fields whose value was not known
	GeneralisationLevel int      `json:"generalisation_level" data:"none"`
	SourceCompleteness  string   `json:"source_completeness" data:"none" enum:"full|partial"`
}
