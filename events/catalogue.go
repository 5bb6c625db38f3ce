package events

import "strings"

// Services, as they sign their events.
const (
	Intake         = "intake"
	CaseLinker     = "case-linker"
	RetentionTimer = "retention-timer"
	Disclosure     = "disclosure"
	Statistics     = "statistics-pseudonymiser"
	Ledger         = "ledger"
)

// Sources: one stream and one context per producer.
var (
	fromIntake     = Source{Intake, "EV_CONTACT", "contact"}
	fromCaseLinker = Source{CaseLinker, "EV_CASE", "case"}
	fromTimer      = Source{RetentionTimer, "EV_RETENTION", "retention"}
	fromDisclosure = Source{Disclosure, "EV_DISCLOSURE", "disclosure"}
	fromLedger     = Source{Ledger, "EV_LEDGER", "ledger"}
	fromStatistics = Source{Statistics, "STATS", "stats"}
)

func from(sources ...Source) []Source { return sources }
func to(services ...string) []string  { return services }

// Catalogue is the truth: every event type, in the order of a contact's life. Add a row here first.
var Catalogue = []Entry{
	{TypeContactRecorded, "A contact was stored, after minimisation.", ContactRecorded{}, from(fromIntake), to(RetentionTimer, CaseLinker)},
	{TypeRecordingStarted, "A call is being recorded, after the customer was told.", RecordingStarted{}, from(fromIntake), to(CaseLinker)},
	{TypeRecordingStopped, "Nothing more of a call is recorded.", RecordingStopped{}, from(fromIntake), to()},
	{TypeRecordingExtended, "A single recording is kept longer.", RecordingExtended{}, from(fromIntake), to(RetentionTimer)},
	{TypeRecordingReasonEnded, "What a recording was kept longer for ended.", RecordingReasonEnded{}, from(fromIntake), to(RetentionTimer)},
	{TypeComplaintOpened, "A complaint about a recorded call was written down.", ComplaintOpened{}, from(fromIntake), to(CaseLinker)},
	{TypeComplaintClosed, "A complaint about a recorded call was answered.", ComplaintClosed{}, from(fromIntake), to()},
	{TypeGroupCreated, "A job-seeker group begins.", GroupCreated{}, from(fromIntake), to(RetentionTimer)},
	{TypeGroupJoined, "A person takes part in a group.", GroupJoined{}, from(fromIntake), to(RetentionTimer, CaseLinker)},
	{TypeGroupLeft, "A person takes part in a group no longer.", GroupLeft{}, from(fromIntake), to()},
	{TypeGroupMoved, "A group's last day is another one.", GroupMoved{}, from(fromIntake), to(RetentionTimer)},
	{TypeGroupEnded, "A group ended.", GroupEnded{}, from(fromIntake), to(RetentionTimer)},
	{TypeRequestReceived, "A data-subject request came in.", RequestReceived{}, from(fromIntake), to(RetentionTimer)},
	{TypeIdentityRejected, "A login came with a statement of identity that does not hold.", IdentityRejected{}, from(fromIntake), to()},
	{TypeCampaignSent, "A mailing goes out.", CampaignSent{}, from(fromIntake), to()},
	{TypeObjectionMade, "Somebody will have no mailings.", ObjectionMade{}, from(fromIntake), to()},
	{TypeObjectionWithdrawn, "Somebody will have mailings again.", ObjectionWithdrawn{}, from(fromIntake), to()},
	{TypeProcessorActivated, "A processor is taken into use.", ProcessorActivated{}, from(fromIntake), to()},
	{TypeContactWithdrawn, "The consent that a contact was kept with was withdrawn.", ContactWithdrawn{}, from(fromIntake), to(RetentionTimer)},
	{TypeContactNoted, "An officer's note is relevant to a case.", ContactNoted{}, from(fromIntake), to(CaseLinker)},
	{TypePersonRegistered, "A person was registered, for the first time or again.", PersonRegistered{}, from(fromCaseLinker), to(RetentionTimer)},
	{TypePersonDeregistered, "A registration ends on a date.", PersonDeregistered{}, from(fromCaseLinker), to(RetentionTimer)},
	{TypePersonCorrected, "The day on which a registration ended was another one.", PersonCorrected{}, from(fromCaseLinker), to(RetentionTimer)},
	{TypeCaseOpened, "A person takes part in a case.", CaseOpened{}, from(fromCaseLinker), to(RetentionTimer)},
	{TypeCaseClosed, "A person's share of a case ends on a date.", CaseClosed{}, from(fromCaseLinker), to(RetentionTimer)},
	{TypeCaseReopened, "A person's share of a case is open again.", CaseReopened{}, from(fromCaseLinker), to(RetentionTimer)},
	{TypeCaseNoted, "A note was stored in a case.", CaseNoted{}, from(fromCaseLinker), to(RetentionTimer)},
	{TypeCaseAdopted, "A record of an older case lives in an open one now.", CaseRecordAdopted{}, from(fromCaseLinker), to(RetentionTimer)},
	{TypeCaseParted, "A record has a unit of its own, because it alone is held, erased or kept.", CaseRecordParted{}, from(fromCaseLinker), to(RetentionTimer)},
	{TypeCaseAssigned, "An officer handles a case, or no longer.", CaseAssigned{}, from(fromCaseLinker), to()},
	{TypeTransferMade, "A processor was given an applicant's papers, or handed them in.", TransferMade{}, from(fromCaseLinker), to()},
	{TypeAlarmRaised, "Something happened that somebody must look into.", AlarmRaised{}, from(fromCaseLinker), to(RetentionTimer)},
	{TypeAlarmClosed, "Somebody has looked into an alarm.", AlarmClosed{}, from(fromTimer), to()},
	{TypeContactLinked, "A contact is about a person, by who it was with or by its note.", ContactLinked{}, from(fromCaseLinker), to(Intake, RetentionTimer)},
	{TypeContactUnlinked, "A contact's note has no case to go to.", ContactUnlinked{}, from(fromCaseLinker), to(Intake)},
	{TypeAccessLogged, "Personal data was read, or somebody tried.", AccessLogged{}, from(fromIntake, fromCaseLinker), to(CaseLinker)},
	{TypeProtectionMarked, "A person exists only for officers who are appointed.", ProtectionMarked{}, from(fromCaseLinker), to(Intake, RetentionTimer, Disclosure)},
	{TypeProtectionPlanned, "It is agreed what a recipient gets about a protected person.", ProtectionPlanned{}, from(fromCaseLinker), to()},
	{TypeProtectionLifted, "A person is protected no longer.", ProtectionLifted{}, from(fromCaseLinker), to(Intake, RetentionTimer, Disclosure)},
	{TypeStatisticsRecorded, "A closed case, generalised, for the statistics.", StatisticsRecorded{}, from(fromCaseLinker), to(Statistics)},
	{TypeStatisticsWithdrawn, "A statistics row does not hold any more.", StatisticsWithdrawn{}, from(fromCaseLinker), to(Statistics)},
	{TypeStatisticsSeparated, "A statistics row's link to its case dies.", StatisticsSeparated{}, from(fromCaseLinker), to(Statistics)},
	{TypeClockStarted, "The clock of a unit runs.", ClockStarted{}, from(fromTimer), to(Intake, CaseLinker)},
	{TypeClockRecomputed, "A unit's due date is another one now.", ClockRecomputed{}, from(fromTimer), to(Intake, CaseLinker)},
	{TypeClockCancelled, "A unit's clock stopped.", ClockCancelled{}, from(fromTimer), to(Intake, CaseLinker)},
	{TypeHoldPlaced, "Units may not be destroyed for a while.", HoldPlaced{}, from(fromTimer), to(Intake, CaseLinker)},
	{TypeHoldReleased, "A hold stands in the way no longer.", HoldReleased{}, from(fromTimer), to(Intake, CaseLinker)},
	{TypePolicyActivated, "An authority's policy pack has a new version.", PolicyActivated{}, from(fromTimer), to(Intake, CaseLinker)},
	{TypeErasureOrdered, "Records must part from their units, because what they leave or they themselves are to be erased.", ErasureOrdered{}, from(fromTimer), to(CaseLinker)},
	{TypeDisposalDue, "Units are due and nothing stands in the way.", DisposalDue{}, from(fromTimer), to(Intake, CaseLinker)},
	{TypeDisposalDeclined, "The holder's own facts say that a unit is not due.", DisposalDeclined{}, from(fromIntake, fromCaseLinker), to(RetentionTimer)},
	{TypeRecordDisposed, "Keys are destroyed and rows are gone.", RecordDisposed{}, from(fromIntake, fromCaseLinker), to(RetentionTimer, Ledger, CaseLinker, Disclosure)},
	{TypeDisclosureRequested, "A recipient asked for fields about a person.", DisclosureRequested{}, from(fromDisclosure), to()},
	{TypeDisclosureDecided, "It was decided which fields go out, and by which rule.", DisclosureDecided{}, from(fromDisclosure), to()},
	{TypeDisclosureDelivered, "The recipient acknowledged the delivery.", DisclosureDelivered{}, from(fromDisclosure), to(Ledger)},
	{TypeDisclosureFailed, "A delivery was not taken; another attempt follows.", DisclosureFailed{}, from(fromDisclosure), to()},
	{TypeDisclosureHeld, "What was asked for waits for an appointed officer.", DisclosureHeld{}, from(fromDisclosure), to()},
	{TypeLedgerCheckpointed, "The log was signed at a size and root.", LedgerCheckpointed{}, from(fromLedger), to()},
	{TypeWatermarkPassed, "Everything committed before an instant has been published.", WatermarkPassed{}, from(fromIntake, fromCaseLinker), to(RetentionTimer)},
	{TypeStatisticsRow, "What analysts read: a row of coarse codes.", StatisticsRow{}, from(fromStatistics), to()},
}

// Source is a producer and the stream and subject context it publishes in.
type Source struct{ Service, Stream, Context string }

// Entry is one row of the catalogue. Payload is the zero value of the data's struct.
type Entry struct {
	Type      string
	Meaning   string
	Payload   any
	Sources   []Source
	Consumers []string
}

// Name is the type without its prefix: contact.recorded.v1.
func (e Entry) Name() string { return strings.TrimPrefix(e.Type, typePrefix) }

// Subject is the pattern of the subjects that the source publishes this event on. The analysts' stream has its own.
func (e Entry) Subject(s Source) string {
	if s.Stream == fromStatistics.Stream {
		return "stats.v1.{authority}.{dataset}.{period}.{record}"
	}
	return "ev.{authority}." + s.Context + ".{partition}." + e.Name()
}

// SchemaFile and SampleFile are paths in Files.
func (e Entry) SchemaFile() string { return "schemas/" + e.Name() + ".json" }
func (e Entry) SampleFile() string { return "samples/" + e.Name() + ".json" }

// Lookup finds the row of a type.
func Lookup(eventType string) (Entry, bool) {
	for _, e := range Catalogue {
		if e.Type == eventType {
			return e, true
		}
	}
	return Entry{}, false
}
