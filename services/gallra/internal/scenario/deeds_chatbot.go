package scenario

import (
	"context"
	"net/http"
	"net/url"

	"gallra.se/services/gallra/internal/client"
)

// chatbotAsk asks in a session, as the channel that speaks with whoever asks.
func (r *run) chatbotAsk(ctx context.Context, step Step) (client.Answer, error) {
	session, err := sessionPath(step)
	if err != nil {
		return client.Answer{}, err
	}
	question, err := step.With.Fields("fields")
	if err != nil {
		return client.Answer{}, err
	}
	return r.post(ctx, step, session+"/ask", question)
}

func (r *run) chatbotClose(ctx context.Context, step Step) (client.Answer, error) {
	session, err := sessionPath(step)
	if err != nil {
		return client.Answer{}, err
	}
	caller, err := r.caller(step)
	if err != nil {
		return client.Answer{}, err
	}
	return caller.Do(ctx, client.Call{Authority: step.Authority, Method: http.MethodDelete, Path: session})
}

func sessionPath(step Step) (string, error) {
	session, err := step.With.Text("session")
	if err == nil && session == "" {
		err = step.With.Refuse("session", "%s needs a session", step.Do)
	}
	return "/v1/chatbot/sessions/" + url.PathEscape(session), err
}
