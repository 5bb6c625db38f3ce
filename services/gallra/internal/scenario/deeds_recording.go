package scenario

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"

	"gallra.se/services/gallra/internal/client"
)

// onTape is a call that is recorded, as the telephony system knows it.
type onTape struct {
	id        string
	startedAt time.Time
	until     time.Duration // to which the audio has been handed in
	bytes     int
	cut       bool // no more is taken
}

// recordingNotice tells that the customer was told.
func (r *run) recordingNotice(ctx context.Context, step Step) (client.Answer, error) {
	call, err := r.callName(step)
	if err != nil {
		return client.Answer{}, err
	}
	said := map[string]any{"at": step.At.Format(time.RFC3339)}
	if err := copyText(said, step.With, "line"); err != nil {
		return client.Answer{}, err
	}
	return r.post(ctx, step, "/v1/recordings/calls/"+url.PathEscape(call)+"/notice", said)
}

// callName is the telephony system's own name of a call, another one in each file.
func (r *run) callName(step Step) (string, error) {
	call, err := step.With.Text("call")
	if err == nil && call == "" {
		err = step.With.Refuse("call", "%s needs a call", step.Do)
	}
	return r.file.ID + "/" + call, err
}

// recordingStart begins a recording; its ref names it.
func (r *run) recordingStart(ctx context.Context, step Step) (client.Answer, error) {
	call, err := r.callName(step)
	if err != nil {
		return client.Answer{}, err
	}
	said := map[string]any{"call": call, "at": step.At.Format(time.RFC3339)}
	if err := copyText(said, step.With, "line"); err != nil {
		return client.Answer{}, err
	}
	if step.With.Has("person") {
		person, err := r.person(step.With)
		if err != nil {
			return client.Answer{}, err
		}
		said["person"] = map[string]string{"name": person.Name, "nationalId": person.NationalID}
	}
	answer, err := r.post(ctx, step, "/v1/recordings", said)
	if err != nil || !answer.OK() {
		return answer, err
	}
	if r.calls == nil {
		r.calls = map[string]*onTape{}
	}
	id := made(answer, "id")
	r.calls[call] = &onTape{id: id, startedAt: step.At}
	r.remember(step, answer, thing{Path: "/v1/recordings/" + id, Record: id})
	return answer, nil
}

// tape is the recording of a call that a step names.
func (r *run) tape(step Step, call string) (*onTape, error) {
	tape, ok := r.calls[r.file.ID+"/"+call]
	if !ok {
		return nil, step.With.Refuse("call", "no step before this one recorded a call %q", call)
	}
	return tape, nil
}

func (r *run) tapeOf(step Step) (*onTape, error) {
	call, err := step.With.Text("call")
	if err != nil {
		return nil, err
	}
	return r.tape(step, call)
}

// recordingStop hands in the audio up to the stop and tells of it. With an offset it is the customer's wish: audio from after
// it must be refused.
func (r *run) recordingStop(ctx context.Context, step Step) (client.Answer, error) {
	said := map[string]any{"at": step.At.Format(time.RFC3339)}
	for _, key := range words("offset reason") {
		if err := copyText(said, step.With, key); err != nil {
			return client.Answer{}, err
		}
	}
	return r.stopped(ctx, step, "/stop", said)
}

// recordingTransfer moves a call to another line.
func (r *run) recordingTransfer(ctx context.Context, step Step) (client.Answer, error) {
	said := map[string]any{"at": step.At.Format(time.RFC3339)}
	for _, key := range words("line offset") {
		if err := copyText(said, step.With, key); err != nil {
			return client.Answer{}, err
		}
	}
	return r.stopped(ctx, step, "/transfer", said)
}

func (r *run) stopped(ctx context.Context, step Step, route string, said map[string]any) (client.Answer, error) {
	tape, err := r.tapeOf(step)
	if err != nil {
		return client.Answer{}, err
	}
	caller, err := r.caller(step)
	if err != nil {
		return client.Answer{}, err
	}
	until := step.At.Sub(tape.startedAt)
	if offset, ok := said["offset"].(string); ok {
		at, err := time.Parse(time.TimeOnly, offset)
		if err != nil {
			return client.Answer{}, step.With.Refuse("offset", "%q is no HH:MM:SS", offset)
		}
		until = time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute + time.Duration(at.Second())*time.Second
	}
	if err := tape.record(ctx, caller, step.Authority, until); err != nil {
		return client.Answer{}, err
	}
	answer, err := caller.Send(ctx, step.Authority, http.MethodPost, "/v1/recordings/"+tape.id+route, said)
	if err != nil || !answer.OK() {
		return answer, err
	}
	var ends struct{ AudioEndsMs *int64 }
	if err := answer.Into(&ends); err != nil {
		return answer, err
	}
	if tape.cut = ends.AudioEndsMs != nil; tape.cut {
		err = tape.refused(ctx, caller, step.Authority)
	}
	return answer, err
}

// A chunk is at most a minute of silence, of a thousand bytes a second.
const (
	longestChunk   = time.Minute
	bytesPerSecond = 1000
)

// record hands in audio up to a place of the call.
func (t *onTape) record(ctx context.Context, caller *client.Client, authority string, until time.Duration) error {
	for !t.cut && t.until < until {
		to := min(t.until+longestChunk, until)
		answer, err := t.upload(ctx, caller, authority, to)
		if err != nil {
			return err
		}
		if !answer.OK() {
			return fmt.Errorf("hand in audio up to %s: %w", to, answer.Refusal())
		}
		t.bytes, t.until = t.bytes+int((to-t.until).Seconds()*bytesPerSecond), to
	}
	return nil
}

// refused wants the second after a cut refused.
func (t *onTape) refused(ctx context.Context, caller *client.Client, authority string) error {
	answer, err := t.upload(ctx, caller, authority, t.until+time.Second)
	if err == nil && outcome(answer) != "refused" {
		err = errors.New("audio from after the cut was not refused: " + described(outcome(answer), answer))
	}
	return err
}

func (t *onTape) upload(ctx context.Context, caller *client.Client, authority string, to time.Duration) (client.Answer, error) {
	body := bytes.Repeat([]byte{0xff}, int((to-t.until).Seconds()*bytesPerSecond)) // µ-law silence
	sum := sha256.Sum256(body)
	return caller.Do(ctx, client.Call{Authority: authority, Method: http.MethodPut, Path: fmt.Sprintf("/v1/recordings/%s/audio?offset=%d", t.id, t.bytes),
		Body: body, Header: http.Header{"Content-Type": {"audio/basic"}, "Gallra-Sha256": {hex.EncodeToString(sum[:])},
			"Gallra-From": {milliseconds(t.until)}, "Gallra-Until": {milliseconds(to)}}})
}

func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// recordingExtend keeps a recording longer; several at once is for the system to refuse.
func (r *run) recordingExtend(ctx context.Context, step Step) (client.Answer, error) {
	said := map[string]any{}
	for _, key := range words("reason until") {
		if err := copyText(said, step.With, key); err != nil {
			return client.Answer{}, err
		}
	}
	caller, err := r.because(step)
	if err != nil {
		return client.Answer{}, err
	}
	if node := step.With.nodes["call"]; node == nil || node.Kind != yaml.SequenceNode {
		tape, err := r.tapeOf(step)
		if err != nil {
			return client.Answer{}, err
		}
		return caller.Send(ctx, step.Authority, http.MethodPost, "/v1/recordings/"+tape.id+"/extension", said)
	}
	if err := r.several(said, step); err != nil {
		return client.Answer{}, err
	}
	return caller.Send(ctx, step.Authority, http.MethodPost, "/v1/recordings/extensions", said)
}

func (r *run) several(said map[string]any, step Step) error {
	calls, err := step.With.List("call")
	if err != nil {
		return err
	}
	ids := []string{}
	for _, call := range calls {
		tape, err := r.tape(step, call)
		if err != nil {
			return err
		}
		ids = append(ids, tape.id)
	}
	said["recordings"] = ids
	said["bulk"], err = step.With.Bool("bulk")
	return err
}

// because is the client of who does a step, for the reason that the step names.
func (r *run) because(step Step) (*client.Client, error) {
	caller, err := r.caller(step)
	if err != nil {
		return nil, err
	}
	reason, err := step.With.Text("reason")
	return caller.For(reason), err
}

// recordingPlay plays a recording; with a place it is the customer who listens, at an appointment made for it.
func (r *run) recordingPlay(ctx context.Context, step Step) (client.Answer, error) {
	tape, err := r.tapeOf(step)
	if err != nil {
		return client.Answer{}, err
	}
	caller, err := r.because(step)
	if err != nil {
		return client.Answer{}, err
	}
	path := "/v1/recordings/" + tape.id
	if step.With.Has("place") {
		said := map[string]any{"at": step.At.Format(time.RFC3339)}
		if err := copyText(said, step.With, "place"); err != nil {
			return client.Answer{}, err
		}
		if said["identityProven"], err = step.With.Bool("identityProven"); err != nil {
			return client.Answer{}, err
		}
		if answer, err := caller.Send(ctx, step.Authority, http.MethodPost, path+"/listening", said); err != nil || !answer.OK() {
			return answer, err
		}
	}
	offset, err := step.With.Text("offset")
	if err != nil {
		return client.Answer{}, err
	}
	path += "/audio"
	if offset != "" {
		path += "?offset=" + url.QueryEscape(offset)
	}
	return caller.Do(ctx, client.Call{Authority: step.Authority, Method: http.MethodGet, Path: path})
}
