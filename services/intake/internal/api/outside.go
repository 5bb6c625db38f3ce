package api

import (
	"net/http"

	"gallra.se/libs/bearer"
)

// fromOutside adds the doors beside the contact line's: each of them keeps less than it is told.
func (a *API) fromOutside(mux *http.ServeMux, v *bearer.Verifier) {
	for pattern, handler := range map[string]http.HandlerFunc{
		"POST /v1/chatbot/sessions/{session}/ask": a.askChatbot,
		"DELETE /v1/chatbot/sessions/{session}":   a.closeChatbot,
		"DELETE /v1/contacts/{id}/consent":        a.withdraw,
		"POST /v1/web/views":                      a.viewed,
		"GET /v1/web/views":                       a.figures,
		"POST /v1/logins":                         a.login,
		"POST /v1/mail":                           a.mailed,
	} {
		mux.Handle(pattern, v.Middleware(handler))
	}
}
