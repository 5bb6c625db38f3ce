package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/campaign"
	"gallra.se/services/intake/internal/contact"
)

// campaignSent is the answer to a mailing. LeftOut are the places, in the list that was sent, of those who objected: they
// get nothing.
type campaignSent struct {
	ID            uuid.UUID `json:"id"`
	Inputs        []string  `json:"inputs"`
	Sent          int       `json:"sent"`
	LeftOut       []int     `json:"leftOut"`
	NoticeVersion string    `json:"noticeVersion"`
	NoticeURL     string    `json:"noticeUrl"`
}

// objected is the answer to an objection; with the id it can be taken back.
type objected struct {
	ID            uuid.UUID `json:"id"`
	NoticeVersion string    `json:"noticeVersion"`
	NoticeURL     string    `json:"noticeUrl"`
}

// sendCampaign writes a mailing down and answers who of its receivers is left out (AFG-28, L-20).
func (a *API) sendCampaign(w http.ResponseWriter, r *http.Request) {
	body, pack, err := a.called(w, r, "case-officer", "admin")
	if err != nil {
		a.fail(w, r, err)
		return
	}
	given, err := campaign.Read(body)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	mailing, err := given.Judge(pack, a.Business.Now(), a.Rules.Simulated)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	sent, duplicate, err := a.Mailings.Send(r.Context(), pack, mailing)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	created(w, campaignSent{sent.ID, sent.Inputs, sent.Sent(), sent.LeftOut, pack.Notice.Version, pack.Notice.URL}, duplicate)
}

// object writes an objection to mailings down (L-20). It may come by a letter that an officer types in.
func (a *API) object(w http.ResponseWriter, r *http.Request) {
	body, pack, err := a.called(w, r, channelRole, "case-officer", "dpo")
	if err != nil {
		a.fail(w, r, err)
		return
	}
	given, err := campaign.ReadObjection(body)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	mark, err := given.Judge(pack, a.Business.Now(), a.Rules.Simulated)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	id, duplicate, err := a.Mailings.Object(r.Context(), pack, mark)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	created(w, objected{id, pack.Notice.Version, pack.Notice.URL}, duplicate)
}

// withdrawObjection takes an objection back: only the person does, through a channel; no officer.
func (a *API) withdrawObjection(w http.ResponseWriter, r *http.Request) {
	pack, err := a.packOf(r, channelRole)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	id, err := uuid.Parse(r.PathValue("id"))
	if err != nil {
		a.fail(w, r, problem.New("not-found"))
		return
	}
	if err := a.Mailings.Withdraw(r.Context(), pack, id); err != nil {
		a.fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// unlessObjected ends access to what somebody opened or clicked in, from the moment at which they will have no mailings
// (AFG-31). The record goes by its own clock.
func (a *API) unlessObjected(ctx context.Context, authority string, record contact.Record) error {
	objected, err := a.Mailings.Objected(ctx, authority, record.Fields["nationalId"])
	if err == nil && objected {
		err = problem.New("gone")
	}
	return err
}
