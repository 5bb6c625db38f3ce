package api

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"gallra.se/libs/bearer"
	"gallra.se/libs/door"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
	"gallra.se/services/intake/internal/recorder"
	"gallra.se/services/intake/internal/recording"
)

// recordings adds the telephony system's routes and those of whoever plays and keeps recordings.
func (a *API) recordings(mux *http.ServeMux, v *bearer.Verifier) {
	for pattern, handler := range map[string]http.HandlerFunc{
		"POST /v1/recordings/calls/{call}/notice": a.tellCall,
		"POST /v1/recordings":                     a.startRecording,
		"PUT /v1/recordings/{id}/audio":           a.uploadAudio,
		"POST /v1/recordings/{id}/stop":           a.stopRecording,
		"POST /v1/recordings/{id}/transfer":       a.transferCall,
		"GET /v1/recordings/{id}":                 a.readRecording,
		"HEAD /v1/recordings/{id}/audio":          a.audioOffset,
		"GET /v1/recordings/{id}/audio":           a.playRecording,
		"POST /v1/recordings/{id}/extension":      a.extendRecording,
		"DELETE /v1/recordings/{id}/extension":    a.endExtension,
		"POST /v1/recordings/extensions":          a.extendRecordings,
		"POST /v1/recordings/{id}/listening":      a.appointListening,
	} {
		mux.Handle(pattern, v.Middleware(handler))
	}
}

// bodyInto reads a body into a struct, strictly.
func bodyInto(w http.ResponseWriter, r *http.Request, into any) error {
	raw, err := door.Body(w, r)
	if err != nil {
		return err
	}
	return strict.Decode(raw, into)
}

// fromTelephony is the authority of a telephony system, and the recording that it speaks of.
func fromTelephony(r *http.Request) (authority string, id uuid.UUID, err error) {
	if authority, err = channelOf(r); err != nil {
		return authority, id, err
	}
	id, err = idIn(r, "id")
	return authority, id, err
}

func idIn(r *http.Request, name string) (uuid.UUID, error) {
	id, err := uuid.Parse(r.PathValue(name))
	if err != nil {
		return id, problem.New("not-found")
	}
	return id, nil
}

// answerOr answers with v, or with the problem that err is; what repeats an earlier answer says so.
func (a *API) answerOr(w http.ResponseWriter, r *http.Request, err error, status int, repeated bool, v any) {
	if err != nil {
		a.fail(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	if repeated {
		w.Header().Set(door.HeaderDuplicate, "true")
	}
	answer(w, status, v)
}

// tellCall notes that the customer was told that the call is recorded.
func (a *API) tellCall(w http.ResponseWriter, r *http.Request) {
	var said struct {
		Line string `json:"line"`
		At   string `json:"at"`
	}
	authority, err := channelOf(r)
	if err == nil {
		err = bodyInto(w, r, &said)
	}
	if err == nil {
		err = a.Recorder.Tell(r.Context(), authority, r.PathValue("call"), said.Line, said.At)
	}
	a.answerOr(w, r, err, http.StatusOK, false, struct{}{})
}

func (a *API) startRecording(w http.ResponseWriter, r *http.Request) {
	var said struct {
		Call   string            `json:"call"`
		Line   string            `json:"line"`
		Person map[string]string `json:"person"`
		At     string            `json:"at"`
	}
	authority, err := channelOf(r)
	if err == nil {
		err = bodyInto(w, r, &said)
	}
	var begun recorder.Begun
	repeated := false
	if err == nil {
		begun, repeated, err = a.Recorder.Begin(r.Context(), authority, recording.Given(said))
	}
	a.answerOr(w, r, err, http.StatusCreated, repeated, begun)
}

// uploadAudio takes a chunk. Whoever was interrupted asks with HEAD where to go on.
func (a *API) uploadAudio(w http.ResponseWriter, r *http.Request) {
	authority, id, err := fromTelephony(r)
	var chunk recording.Chunk
	if err == nil {
		chunk, err = recording.ParseChunk(r.URL.Query().Get("offset"), r.Header.Get(recording.FromHeader), r.Header.Get(recording.UntilHeader), r.Header.Get(recording.SumHeader))
	}
	media := r.Header.Get("Content-Type")
	if err == nil && !recording.KnownMedia(media) {
		err = problem.New("unsupported-media-type")
	}
	var body []byte
	if err == nil {
		body, err = audioIn(w, r)
	}
	if err == nil {
		err = chunk.Verify(body)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	next, repeated, err := a.Recorder.Upload(r.Context(), authority, id, chunk, media, body)
	clear(body)
	if err == nil || problem.From(err).Status == http.StatusConflict {
		w.Header().Set(recording.OffsetHeader, strconv.FormatInt(next, 10))
	}
	a.answerOr(w, r, err, http.StatusOK, repeated, struct {
		Offset int64 `json:"offset"`
	}{next})
}

// audioIn reads a chunk's bytes.
func audioIn(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, recording.MaxChunk))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, problem.New("too-large")
	}
	if err != nil {
		return nil, problem.OnField("invalid-field", "body") // the sender broke off
	}
	return body, nil
}

// audioOffset says where the next chunk begins.
func (a *API) audioOffset(w http.ResponseWriter, r *http.Request) {
	authority, id, err := fromTelephony(r)
	var next int64
	if err == nil {
		next, err = a.Recorder.Offset(r.Context(), authority, id)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set(recording.OffsetHeader, strconv.FormatInt(next, 10))
	w.WriteHeader(http.StatusOK)
}

// stopRecording ends the call or, with an offset, the audio at the customer's wish.
func (a *API) stopRecording(w http.ResponseWriter, r *http.Request) {
	var said struct {
		At     string `json:"at"`
		Offset string `json:"offset"`
		Reason string `json:"reason"`
	}
	authority, id, err := fromTelephony(r)
	if err == nil {
		err = bodyInto(w, r, &said)
	}
	if err == nil && said.Reason != "" && said.Reason != "customer-request" {
		err = problem.OnField("invalid-field", "reason")
	}
	var stopped recorder.Stopped
	switch {
	case err != nil:
	case said.Offset == "":
		stopped, err = a.Recorder.End(r.Context(), authority, id, said.At)
	default:
		var offset time.Duration
		if offset, err = recording.Offset(said.Offset); err == nil {
			stopped, err = a.Recorder.Stop(r.Context(), authority, id, offset, said.At)
		}
	}
	a.answerOr(w, r, err, http.StatusOK, false, stopped)
}

// transferCall notes that the call is on another line.
func (a *API) transferCall(w http.ResponseWriter, r *http.Request) {
	var said struct {
		Line   string `json:"line"`
		Offset string `json:"offset"`
		At     string `json:"at"`
	}
	authority, id, err := fromTelephony(r)
	if err == nil {
		err = bodyInto(w, r, &said)
	}
	var offset time.Duration
	if err == nil {
		offset, err = recording.Offset(said.Offset)
	}
	var stopped recorder.Stopped
	if err == nil {
		stopped, err = a.Recorder.Transfer(r.Context(), authority, id, said.Line, offset, said.At)
	}
	a.answerOr(w, r, err, http.StatusOK, false, stopped)
}
