package recording_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"gallra.se/events"
	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/recording"
)

var (
	pack, _  = policy.Default().Pack("te-customer-service")
	rules, _ = pack.Recording()
	now      = time.Date(2025, 3, 4, 10, 20, 0, 0, time.UTC)
)

// refusal is the reason, with the rule or field at fault; "" for none.
func refusal(err error) string {
	var p problem.Problem
	if !errors.As(err, &p) {
		if err != nil {
			return "fault"
		}
		return ""
	}
	return p.Error()
}

func given(change func(*recording.Given)) recording.Given {
	g := recording.Given{Call: "c-1", Line: "national", At: "2025-03-04T10:00:00Z",
		Person: map[string]string{"name": "Aili Kanarie", "nationalId": "050105A916V", "text": "what was said"}}
	if change != nil {
		change(&g)
	}
	return g
}

// KSC-08, KSC-09, KSC-11, KSC-12, KSC-15
func TestACallIsRecordedOnListedLinesAfterItsNoticeOnly(t *testing.T) {
	t.Parallel()
	told := time.Date(2025, 3, 4, 10, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		change func(*recording.Given)
		told   time.Time
		want   string
	}{
		"told at the same moment":    {nil, told, ""},
		"never told":                 {nil, time.Time{}, "denied (KSC-15)"},
		"told a second after":        {nil, told.Add(time.Second), "denied (KSC-15)"},
		"the authority line":         {func(g *recording.Given) { g.Line = "authority-line" }, told, ""},
		"a call out":                 {func(g *recording.Given) { g.Line = "outbound" }, told, ""},
		"career guidance":            {func(g *recording.Given) { g.Line = "career-guidance" }, told, "denied (KSC-09)"},
		"career guidance, not told":  {func(g *recording.Given) { g.Line = "career-guidance" }, time.Time{}, "denied (KSC-09)"},
		"a line that there is not":   {func(g *recording.Given) { g.Line = "0771-416416" }, told, "invalid-field (line)"},
		"no line":                    {func(g *recording.Given) { g.Line = "" }, told, "missing-field (line)"},
		"no call":                    {func(g *recording.Given) { g.Call = "" }, told, "missing-field (call)"},
		"a call with a line break":   {func(g *recording.Given) { g.Call = "a\r\nX: y" }, told, "invalid-text (call)"},
		"a call of 257 bytes":        {func(g *recording.Given) { g.Call = strings.Repeat("c", 257) }, told, "too-large (call)"},
		"no time":                    {func(g *recording.Given) { g.At = "" }, told, "missing-field (at)"},
		"a time that is none":        {func(g *recording.Given) { g.At = "2025-02-30T10:00:00Z" }, told, "invalid-time (at)"},
		"a time an hour ahead":       {func(g *recording.Given) { g.At = "2025-03-04T11:20:00Z" }, told, "invalid-time (at)"},
		"a field that nobody knows":  {func(g *recording.Given) { g.Person["shoeSize"] = "43" }, told, "unknown-field (shoeSize)"},
		"a number with a wrong sign": {func(g *recording.Given) { g.Person["nationalId"] = "050105A916X" }, told, "invalid-national-id (nationalId)"},
		"nobody was asked":           {func(g *recording.Given) { g.Person = nil }, told, ""},
	} {
		b, err := recording.Begin(pack, given(c.change), c.told, now, true)
		if refusal(err) != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if err == nil && b.Identified() != (b.Index.Fields["nationalId"] != "") {
			t.Errorf("%s: identified %v", name, b.Identified())
		}
	}
	b, _ := recording.Begin(pack, given(nil), told, now, true)
	if strings.Join(b.Index.Stored, " ") != "name nationalId" || strings.Join(b.Index.Dropped, " ") != "text" || b.Index.Fields["text"] != "" {
		t.Errorf("%+v", b.Index)
	}
}

func TestAnAuthorityThatRecordsNoCallsHasNoSuchDoor(t *testing.T) {
	t.Parallel()
	af, _ := policy.Default().Pack("arbetsformedlingen")
	if _, err := recording.Begin(af, given(nil), now, now, true); refusal(err) != "unknown-channel" {
		t.Error(err)
	}
	if _, err := recording.Tell(af, "c", "national", "2025-03-04T10:00:00Z", now); refusal(err) != "unknown-channel" {
		t.Error(err)
	}
}

func TestANoticeIsGivenOnAnyLineThatThereIs(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{"national": "", "career-guidance": "", "other": "invalid-field (line)", "": "missing-field (line)"} {
		if _, err := recording.Tell(pack, "c", line, "2025-03-04T10:00:00Z", now); refusal(err) != want {
			t.Errorf("%q: %v", line, err)
		}
	}
}

func TestAnOffsetIsHoursMinutesAndSeconds(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"00:00:00": 0, "00:02:13": 133 * time.Second, "11:59:59": 12*time.Hour - time.Second, "12:00:00": 12 * time.Hour,
	} {
		if got, err := recording.Offset(text); err != nil || got != want {
			t.Errorf("%s: %s %v", text, got, err)
		}
	}
	for _, text := range []string{"", "2:13", "0:02:13", "00:60:00", "00:00:60", "-0:02:13", "00:02:1x", "00-02-13", "12:00:01", "99:00:00", "00:02:13.5", "٠٠:٠٢:١٣"} {
		if _, err := recording.Offset(text); refusal(err) != "invalid-field (offset)" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzOffset(f *testing.F) {
	for _, text := range []string{"00:02:13", "12:00:00", "99:99:99", "aa:bb:cc", "", "00:00:0"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := recording.Offset(text)
		if err != nil {
			return
		}
		if again := (time.Time{}).Add(d).Format("15:04:05"); again != text || d < 0 || d > recording.Longest {
			t.Errorf("%q is %s, which is %s", text, d, again)
		}
	})
}

var silence = make([]byte, 1000)

func described(at, from, until string, body []byte) (recording.Chunk, error) {
	sum := sha256.Sum256(body)
	return recording.ParseChunk(at, from, until, hex.EncodeToString(sum[:]))
}

func TestAChunkSaysWhereItLiesAndWhatItIs(t *testing.T) {
	t.Parallel()
	c, err := described("4000", "1000", "2000", silence)
	if err != nil || c.At != 4000 || c.From != time.Second || c.Until != 2*time.Second || c.Verify(silence) != nil {
		t.Errorf("%+v %v %v", c, err, c.Verify(silence))
	}
	for name, body := range map[string][]byte{
		"missing-field (body)": nil, "invalid-field (Gallra-Sha256)": silence[:999], "too-large": make([]byte, recording.MaxChunk+1),
	} {
		if err := c.Verify(body); refusal(err) != name {
			t.Errorf("%d bytes: %v, want %s", len(body), err, name)
		}
	}
	for _, bad := range []struct{ at, from, until, sum, want string }{
		{"", "0", "1", "", "missing-field (offset)"},
		{"-1", "0", "1", "", "invalid-field (offset)"},
		{"+1", "0", "1", "", "invalid-field (offset)"},
		{"0x10", "0", "1", "", "invalid-field (offset)"},
		{"99999999999999999999", "0", "1", "", "invalid-field (offset)"},
		{"1073741825", "0", "1", "", "invalid-field (offset)"},
		{"0", "", "1", "", "missing-field (Gallra-From)"},
		{"0", "1", "", "", "missing-field (Gallra-Until)"},
		{"0", "1", "1", "", "invalid-field (Gallra-Until)"},
		{"0", "2", "1", "", "invalid-field (Gallra-Until)"},
		{"0", "0", "43200001", "", "invalid-field (Gallra-Until)"},
		{"0", "0", "1", "", "missing-field (Gallra-Sha256)"},
		{"0", "0", "1", "abc", "invalid-field (Gallra-Sha256)"},
		{"0", "0", "1", strings.Repeat("g", 64), "invalid-field (Gallra-Sha256)"},
		{"0", "0", "1", strings.Repeat("a", 66), "invalid-field (Gallra-Sha256)"},
	} {
		if _, err := recording.ParseChunk(bad.at, bad.from, bad.until, bad.sum); refusal(err) != bad.want {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

func FuzzChunk(f *testing.F) {
	f.Add("0", "0", "1000", strings.Repeat("ab", 32))
	f.Add("1048576", "60000", "120000", strings.Repeat("00", 32))
	f.Add("-1", "1e3", "", "zz")
	f.Fuzz(func(t *testing.T, at, from, until, sum string) {
		c, err := recording.ParseChunk(at, from, until, sum)
		if err != nil {
			if !problem.Refused(err) {
				t.Errorf("%v is no refusal", err)
			}
			return
		}
		if c.At < 0 || c.At > recording.MaxAudio || c.From < 0 || c.Until <= c.From || c.Until > recording.Longest {
			t.Errorf("%+v", c)
		}
	})
}

func state(cut *recording.Cut) recording.State {
	return recording.State{Line: "national", StartedAt: now.Add(-20 * time.Minute), Cut: cut}
}

func chunk(at int64, from, until time.Duration) recording.Chunk {
	return recording.Chunk{At: at, From: from, Until: until}
}

// KSC-09, KSC-16
func TestNoAudioIsTakenFromAfterACut(t *testing.T) {
	t.Parallel()
	stop := &recording.Cut{At: 133 * time.Second, Because: events.StoppedByCustomer}
	move := &recording.Cut{At: 300 * time.Second, Because: events.StoppedByTransfer}
	heard := recording.Heard{Bytes: 1000, Until: 120 * time.Second}
	over := state(nil)
	over.EndedAt = over.StartedAt.Add(15 * time.Minute)
	for name, c := range map[string]struct {
		state recording.State
		chunk recording.Chunk
		want  string
	}{
		"up to the stop":               {state(stop), chunk(1000, 120*time.Second, 133*time.Second), ""},
		"a millisecond across it":      {state(stop), chunk(1000, 120*time.Second, 133001*time.Millisecond), "denied (KSC-16)"},
		"from after it":                {state(stop), chunk(1000, 134*time.Second, 140*time.Second), "denied (KSC-16)"},
		"from after it, out of place":  {state(stop), chunk(9000, 134*time.Second, 140*time.Second), "denied (KSC-16)"},
		"up to the transfer":           {state(move), chunk(1000, 120*time.Second, 300*time.Second), ""},
		"from after the transfer":      {state(move), chunk(1000, 300*time.Second, 301*time.Second), "denied (KSC-09)"},
		"a gap":                        {state(nil), chunk(2000, 120*time.Second, 133*time.Second), "conflict (offset)"},
		"what is there already":        {state(nil), chunk(0, 120*time.Second, 133*time.Second), "conflict (offset)"},
		"back in the call":             {state(nil), chunk(1000, 119*time.Second, 133*time.Second), "invalid-field (Gallra-From)"},
		"the rest after the end":       {over, chunk(1000, 120*time.Second, 15*time.Minute), ""},
		"minutes beyond the end":       {over, chunk(1000, 120*time.Second, 17*time.Minute), "invalid-field (Gallra-Until)"},
		"silence skipped is no defect": {state(nil), chunk(1000, 200*time.Second, 210*time.Second), ""},
	} {
		if err := recording.Accept(rules, c.state, heard, c.chunk); refusal(err) != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// KSC-16
func TestOfTwoCutsTheEarlierCounts(t *testing.T) {
	t.Parallel()
	first, err := recording.Stop(state(nil), 133*time.Second, now)
	if err != nil || first != (recording.Cut{At: 133 * time.Second, Because: events.StoppedByCustomer}) {
		t.Fatalf("%+v %v", first, err)
	}
	if again, err := recording.Stop(state(&first), 200*time.Second, now); err != nil || again != first {
		t.Errorf("a later wish: %+v %v", again, err)
	}
	if earlier, err := recording.Stop(state(&first), 100*time.Second, now); err != nil || earlier.At != 100*time.Second {
		t.Errorf("an earlier one: %+v %v", earlier, err)
	}
	if _, err := recording.Stop(state(nil), 30*time.Minute, now); refusal(err) != "invalid-field (offset)" {
		t.Errorf("where the call has not come to: %v", err)
	}
	if _, err := recording.Stop(state(nil), 0, now.Add(-time.Hour)); refusal(err) != "invalid-time (at)" {
		t.Errorf("before the call: %v", err)
	}
}

// KSC-09
func TestATransferCutsOnALineThatIsNeverRecordedOnly(t *testing.T) {
	t.Parallel()
	if cut, err := recording.Transfer(rules, state(nil), "career-guidance", time.Minute, now); err != nil || cut == nil || cut.At != time.Minute {
		t.Errorf("%+v %v", cut, err)
	}
	if cut, err := recording.Transfer(rules, state(nil), "authority-line", time.Minute, now); err != nil || cut != nil {
		t.Errorf("%+v %v", cut, err)
	}
	if _, err := recording.Transfer(rules, state(nil), "nowhere", time.Minute, now); refusal(err) != "invalid-field (line)" {
		t.Error(err)
	}
}

func TestACallEndsOnce(t *testing.T) {
	t.Parallel()
	s := state(nil)
	if fresh, err := recording.End(s, now); !fresh || err != nil {
		t.Error(fresh, err)
	}
	if _, err := recording.End(s, s.StartedAt.Add(-time.Second)); refusal(err) != "invalid-time (at)" {
		t.Error(err)
	}
	s.EndedAt = now
	if fresh, err := recording.End(s, now); fresh || err != nil {
		t.Error(fresh, err)
	}
	if _, err := recording.End(s, now.Add(time.Second)); refusal(err) != "conflict" {
		t.Error(err)
	}
}

func day(text string) calendar.Date { return calendar.MustDate(text) }

func kept(reasons ...recording.Reason) recording.Kept {
	return recording.Kept{Category: rules.Category, EndedOn: day("2025-08-31"), Reasons: reasons}
}

// KSC-13, KSC-14
func TestARecordingIsExtendedWhileItExistsAndNeverBeyondTwelveMonths(t *testing.T) {
	t.Parallel()
	running := kept()
	running.EndedOn = calendar.Date{}
	for name, c := range map[string]struct {
		kept                       recording.Kept
		reason, until, today, want string
		through                    string
	}{
		"to a day that was asked for":      {kept(), "complaint", "2026-05-31", "2026-01-20", "", "2026-05-31"},
		"on its last day":                  {kept(), "quality", "2026-05-31", "2026-02-28", "", "2026-05-31"},
		"a day late":                       {kept(), "complaint", "2026-05-31", "2026-03-01", "gone", ""},
		"in its seventh month, kept":       {kept(recording.Reason{Name: "quality", Until: day("2026-03-31")}), "complaint", "2026-05-31", "2026-03-15", "", "2026-05-31"},
		"to the last day of twelve months": {kept(), "complaint", "2026-08-30", "2026-01-20", "", "2026-08-30"},
		"beyond them":                      {kept(), "complaint", "2026-08-31", "2026-01-20", "", "2026-08-30"},
		"for years":                        {kept(), "complaint", "2040-01-01", "2026-01-20", "", "2026-08-30"},
		"to a day that it has anyway":      {kept(), "complaint", "2026-02-28", "2026-01-20", "invalid-field (until)", ""},
		"for no reason of the notice":      {kept(), "curiosity", "2026-05-31", "2026-01-20", "invalid-field (reason)", ""},
		"while the call goes on":           {running, "complaint", "2026-05-31", "2025-08-31", "conflict", ""},
	} {
		r, err := recording.Extend(pack, c.kept, c.reason, day(c.until), day(c.today))
		if refusal(err) != c.want || r.Until.String() != c.through {
			t.Errorf("%s: %s %v, want %s%s", name, r.Until, err, c.through, c.want)
		}
	}
}

// KSC-14
func TestARecordingGoesTheDayAfterItsLastReasonEnded(t *testing.T) {
	t.Parallel()
	complaint, quality := recording.Reason{Name: "complaint", Until: day("2026-08-30")}, recording.Reason{Name: "quality", Until: day("2026-04-30")}
	both := kept(complaint, quality)
	if both.GoneFrom(pack) != day("2026-08-31") {
		t.Errorf("both stand: %s", both.GoneFrom(pack))
	}
	ended, known := recording.EndReasons(both.Reasons, "complaint", day("2026-04-10"))
	one := kept(recording.With(both.Reasons, ended...)...)
	if _, _, stands := one.Last(); !known || !stands || one.GoneFrom(pack) != day("2026-05-01") {
		t.Errorf("quality stands: %s", one.GoneFrom(pack))
	}
	ended, _ = recording.EndReasons(one.Reasons, "", day("2026-04-20"))
	none := kept(recording.With(one.Reasons, ended...)...)
	if on, _, stands := none.Last(); stands || on != day("2026-04-20") || none.GoneFrom(pack) != day("2026-04-21") {
		t.Errorf("none stands: %s %s", on, none.GoneFrom(pack))
	}
	if again, known := recording.EndReasons(none.Reasons, "", day("2026-04-22")); len(again) > 0 || !known {
		t.Errorf("ended twice: %+v", again)
	}
	if _, known := recording.EndReasons(kept(quality).Reasons, "complaint", day("2026-04-22")); known {
		t.Error("a reason that there never was is known")
	}
	early := kept(recording.Reason{Name: "quality", Until: day("2026-05-31"), EndedOn: day("2025-10-01")})
	if early.GoneFrom(pack) != day("2026-03-01") {
		t.Errorf("not before its ordinary time: %s", early.GoneFrom(pack))
	}
}

// KSC-29
func TestACustomerListensAtAnOfficeWithIdentityProven(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		a    recording.Appointment
		want string
	}{
		"at a TE office":   {recording.Appointment{Place: "te-office", IdentityProven: true, At: "2025-03-10T10:00:00Z"}, ""},
		"at an ELY office": {recording.Appointment{Place: "ely-office", IdentityProven: true, At: "2025-03-10T10:00:00Z"}, ""},
		"who is not known": {recording.Appointment{Place: "te-office", At: "2025-03-10T10:00:00Z"}, "denied (KSC-29)"},
		"at home":          {recording.Appointment{Place: "home", IdentityProven: true, At: "2025-03-10T10:00:00Z"}, "denied (KSC-29)"},
		"nowhere":          {recording.Appointment{IdentityProven: true, At: "2025-03-10T10:00:00Z"}, "denied (KSC-29)"},
		"in half a year":   {recording.Appointment{Place: "te-office", IdentityProven: true, At: "2025-09-10T10:00:00Z"}, "invalid-time (at)"},
		"at no time":       {recording.Appointment{Place: "te-office", IdentityProven: true}, "missing-field (at)"},
	} {
		if _, err := c.a.Judge(now); refusal(err) != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
