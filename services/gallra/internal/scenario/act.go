package scenario

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"gallra.se/services/gallra/internal/client"
)

// ErrUnsupported is an action or a check of the format that this runner does not do.
var ErrUnsupported = errors.New("not supported by this runner yet")

// deeds are the actions that this runner does. Each sends one request and, when it was
// accepted, remembers what it made.
var deeds = map[string]func(*run, context.Context, Step) (client.Answer, error){
	"contact.record":       (*run).contactRecord,
	"contact.note":         (*run).contactNote,
	"chatbot.ask":          (*run).chatbotAsk,
	"chatbot.close":        (*run).chatbotClose,
	"mail.send":            (*run).mailSend,
	"consent.give":         (*run).consentGive,
	"consent.withdraw":     (*run).consentWithdraw,
	"person.register":      (*run).personRegister,
	"person.deregister":    (*run).personDeregister,
	"case.open":            (*run).caseOpen,
	"case.close":           (*run).caseClose,
	"case.reopen":          (*run).caseReopen,
	"case.note":            (*run).caseNote,
	"case.adopt":           (*run).caseAdopt,
	"person.correct":       (*run).personCorrect,
	"recruitment.apply":    (*run).recruitmentApply,
	"recruitment.test":     (*run).recruitmentTest,
	"recruitment.reuse":    (*run).recruitmentReuse,
	"recruitment.transfer": (*run).recruitmentTransfer,
	"record.search":        (*run).recordSearch,
	"record.read":          (*run).recordRead,
	"record.delete":        (*run).recordDelete,
	"record.erase":         (*run).recordErase,
	"recording.notice":     (*run).recordingNotice,
	"recording.start":      (*run).recordingStart,
	"recording.stop":       (*run).recordingStop,
	"recording.transfer":   (*run).recordingTransfer,
	"recording.extend":     (*run).recordingExtend,
	"recording.play":       (*run).recordingPlay,
	"complaint.open":       (*run).complaintOpen,
	"complaint.close":      (*run).complaintClose,
	"group.create":         (*run).groupCreate,
	"group.join":           (*run).groupJoin,
	"group.leave":          (*run).groupLeave,
	"group.end":            (*run).groupEnd,
	"group.move":           (*run).groupMove,
	"supplier.feed":        (*run).supplierFeed,
	"invoice.record":       (*run).invoiceRecord,
	"campaign.send":        (*run).campaignSend,
	"request.submit":       (*run).requestSubmit,
	"processor.activate":   (*run).processorActivate,
	"hold.place":           (*run).holdPlace,
	"protection.mark":      (*run).protectionMark,
	"protection.lift":      (*run).protectionLift,
	"protection.plan":      (*run).protectionPlan,
	"disclosure.request":   (*run).disclosureRequest,
	"hold.release":         (*run).holdRelease,
	"policy.change":        (*run).policyChange,
	"backup.take":          (*run).backupTake,
	"backup.restore":       (*run).backupRestore,
	"stream.replay":        (*run).streamReplay,
	"service.kill":         (*run).serviceKill,
	"service.start":        (*run).serviceStart,
}

func (r *run) act(ctx context.Context, step Step) error {
	deed, ok := deeds[step.Do]
	if !ok {
		return fmt.Errorf("%s: %w", step.Do, ErrUnsupported)
	}
	answer, err := deed(r, ctx, step)
	if err != nil {
		return err
	}
	if step.Ref != "" {
		r.answers[step.Ref] = answer
	}
	return r.expected(step.Expect, answer)
}

// remember names what an accepted action made.
func (r *run) remember(step Step, answer client.Answer, t thing, also ...string) {
	if !answer.OK() {
		return
	}
	t.Authority = step.Authority
	for _, ref := range append(also, step.Ref) {
		if ref != "" {
			r.things[ref] = t
		}
	}
}

// expected compares an answer with what the author expects of it.
func (r *run) expected(e Expect, a client.Answer) error {
	want := e.Outcome
	if want == "" {
		want = "ok"
	}
	if got := outcome(a); want != "any" && got != want {
		return fmt.Errorf("expected %s, found %s", want, described(got, a))
	}
	for _, key := range []string{"due", "lastDay"} {
		if e.Says(key) {
			return fmt.Errorf("expect %s: %w", key, ErrUnsupported)
		}
	}
	if e.Says("answer") {
		if err := e.sentTo(a); err != nil {
			return err
		}
	}
	if e.Says("same-as") {
		if err := sameAnswer(r.answers[e.SameAs], a); err != nil {
			return err
		}
	}
	if e.Says("rule") && a.Refusal().Rule != e.Rule {
		return fmt.Errorf("expected rule %s, found %q", e.Rule, a.Refusal().Rule)
	}
	if err := e.flagged(a); err != nil {
		return err
	}
	var said struct{ Stored, Dropped, Fields []string }
	if e.Says("fields") {
		if err := a.Into(&said); err != nil {
			return err
		}
		if !sameSet(e.Fields, said.Fields) {
			return fmt.Errorf("expected fields %v, found %v", e.Fields, said.Fields)
		}
	}
	if e.Says("stored") || e.Says("dropped") {
		if err := a.Into(&said); err != nil {
			return err
		}
	}
	if e.Says("stored") && !sameSet(e.Stored, said.Stored) {
		return fmt.Errorf("expected stored %v, found %v", e.Stored, said.Stored)
	}
	if e.Says("dropped") && !sameSet(e.Dropped, said.Dropped) {
		return fmt.Errorf("expected dropped %v, found %v", e.Dropped, said.Dropped)
	}
	return nil
}

// outcome says in the format's word how an answer turned out.
func outcome(a client.Answer) string {
	switch a.Status {
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity:
		return "invalid"
	case http.StatusForbidden:
		if a.Refusal().Reason == "denied" {
			return "refused"
		}
		return "forbidden"
	case http.StatusNotFound:
		return "not-found"
	case http.StatusGone:
		return "gone"
	case http.StatusConflict:
		return "conflict"
	case http.StatusLocked:
		return "locked"
	}
	if a.Status == http.StatusAccepted && heldBack(a) {
		return "held"
	}
	if a.OK() {
		return "ok"
	}
	return fmt.Sprintf("status %d", a.Status)
}

// heldBack says that what was asked for waits for somebody's decision.
func heldBack(a client.Answer) bool {
	var said struct{ Decision string }
	return a.Into(&said) == nil && said.Decision == "held"
}

func described(outcome string, a client.Answer) string {
	if a.OK() {
		return outcome
	}
	return outcome + " (" + a.Refusal().Error() + ")"
}

func sameSet(a, b []string) bool {
	return strings.Join(slices.Sorted(slices.Values(a)), "\n") == strings.Join(slices.Sorted(slices.Values(b)), "\n")
}

// flagged wants each flag among those of the answer, and the day to which something was extended.
func (e Expect) flagged(a client.Answer) error {
	if !e.Says("flags") && !e.Says("extendedTo") {
		return nil
	}
	var said struct {
		Flags      []string
		ExtendedTo string
	}
	if err := a.Into(&said); err != nil {
		return err
	}
	for _, flag := range e.Flags {
		if !slices.Contains(said.Flags, flag) {
			return fmt.Errorf("expected flag %s, found %v", flag, said.Flags)
		}
	}
	if e.Says("extendedTo") && said.ExtendedTo != e.Until {
		return fmt.Errorf("expected extended to %s, found %s", e.Until, said.ExtendedTo)
	}
	return nil
}
