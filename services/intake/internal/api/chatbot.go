package api

import (
	"net/http"

	"gallra.se/libs/bearer"
	"gallra.se/libs/door"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/chatbot"
)

// channelRole is the role of the machines that hand in what comes from outside.
const channelRole = "channel"

// channelOf is the authority of a caller who may hand in as a channel.
func channelOf(r *http.Request) (authority string, err error) {
	caller, ok := bearer.From(r.Context())
	switch {
	case !ok:
		return "", problem.New("unauthorized")
	case !caller.Has(channelRole):
		return "", problem.New("forbidden")
	}
	return caller.Authority, nil
}

// said is what the chatbot answers.
type said struct {
	Answer        string `json:"answer"`
	AnswerID      string `json:"answerId"`
	NoticeVersion string `json:"noticeVersion"`
	NoticeURL     string `json:"noticeUrl"`
}

// askChatbot answers a question of a session and keeps neither.
func (a *API) askChatbot(w http.ResponseWriter, r *http.Request) {
	authority, err := channelOf(r)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	body, err := door.Body(w, r)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	question, err := chatbot.Read(body)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	heard, err := a.Chatbot.Ask(authority, r.PathValue("session"), question)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	answer(w, http.StatusOK, said{heard.Text, heard.ID, heard.Notice.Version, heard.Notice.URL})
}

// closeChatbot ends a session; it may be ended again.
func (a *API) closeChatbot(w http.ResponseWriter, r *http.Request) {
	authority, err := channelOf(r)
	if err == nil {
		err = a.Chatbot.Close(r.Context(), authority, r.PathValue("session"))
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
