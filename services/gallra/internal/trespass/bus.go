package trespass

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"gallra.se/services/gallra/internal/credentials"
)

// Bus tries every user and partner of a folder at the nats-server.
func Bus(ctx context.Context, folder credentials.Folder, url string) ([]Attempt, error) {
	partners, err := folder.Partners()
	if err != nil {
		return nil, err
	}
	users := credentials.Users()
	for _, p := range partners {
		users = append(users, p.User())
	}
	all := withPartners(classes(), partners)
	var attempts []Attempt
	for _, user := range users {
		tried, err := try(ctx, folder, url, user, all)
		if err != nil {
			return nil, fmt.Errorf("try the NATS user %s: %w", user.Name, err)
		}
		attempts = append(attempts, tried...)
	}
	return attempts, nil
}

func try(ctx context.Context, folder credentials.Folder, url string, user credentials.User, all []class) (attempts []Attempt, err error) {
	options := []nats.Option{nats.Name("gallra/trespass"), nats.CustomInboxPrefix(credentials.InboxPrefix(user.Name)),
		nats.MaxReconnects(0), nats.Timeout(5 * time.Second), nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {})}
	seed, err := nats.NkeyOptionFromSeed(folder.Seed(user.Name))
	if err != nil {
		return nil, err
	}
	options = append(options, seed)
	if ca := folder.CA(); ca != "" {
		options = append(options, nats.RootCAs(ca))
	}
	nc, err := nats.Connect(url, options...)
	if err != nil {
		return nil, err
	}
	defer nc.Close()
	for _, c := range all {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		// In an account of its own, whoever looks after the server may say what it likes:
		// it counts what anybody hears of it.
		if user.Name == sys && !c.mayBe(sys) && !c.answered {
			continue
		}
		a := Attempt{Who: "nats " + user.Name, What: c.name, May: c.mayBe(user.Name)}
		for _, form := range c.forms() {
			could, err := c.could(nc, form)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
			a.Could = a.Could || could
		}
		attempts = append(attempts, a)
	}
	return attempts, nil
}

func (c class) could(nc *nats.Conn, form string) (bool, error) {
	switch {
	case c.subscribe != "":
		sub, err := nc.SubscribeSync(form)
		if err != nil {
			return false, err
		}
		defer func() { _ = sub.Unsubscribe() }()
		return permitted(nc, "Subscription to "+strconv.Quote(form))
	case c.answered:
		return answered(nc, form)
	}
	// JetStream does nothing on a request that wants an API which the server has not
	// reached, and keeps no message that is meant for another stream.
	m := nats.NewMsg(form)
	m.Header = nats.Header{"Nats-Required-Api-Level": {"1000000"}, "Nats-Expected-Stream": {"none"}}
	m.Data = []byte("probe")
	if err := nc.PublishMsg(m); err != nil {
		return false, err
	}
	return permitted(nc, "Publish to "+strconv.Quote(form))
}

// answerWithin is how long (Pace) the server may take to answer.
const answerWithin = 2 * time.Second

// permitted waits until the server has seen what was sent. A denial says to what.
func permitted(nc *nats.Conn, what string) (bool, error) {
	if err := nc.FlushTimeout(answerWithin); err != nil {
		return false, err
	}
	denial := nc.LastError()
	return denial == nil || !errors.Is(denial, nats.ErrPermissionViolation) || !strings.Contains(denial.Error(), what), nil
}

// answered asks, changing nothing, and says whether that of which was asked is there.
func answered(nc *nats.Conn, subject string) (bool, error) {
	inbox := nc.NewRespInbox()
	sub, err := nc.SubscribeSync(inbox)
	if err != nil {
		return false, err
	}
	defer func() { _ = sub.Unsubscribe() }()
	if err := nc.PublishRequest(subject, inbox, nil); err != nil {
		return false, err
	}
	if ok, err := permitted(nc, "Publish to "+strconv.Quote(subject)); !ok || err != nil {
		return false, err
	}
	m, err := sub.NextMsg(answerWithin)
	if err != nil {
		return false, nil // nobody there
	}
	var said struct {
		Error json.RawMessage `json:"error"`
	}
	return json.Unmarshal(m.Data, &said) == nil && said.Error == nil, nil
}
