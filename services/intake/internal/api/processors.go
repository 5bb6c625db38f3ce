package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/processor"
	"gallra.se/services/intake/internal/store"
)

// activated is the answer to an activation.
type activated struct {
	store.Processor
	NoticeVersion string `json:"noticeVersion"`
	NoticeURL     string `json:"noticeUrl"`
}

// activateProcessor takes a company into use that meets the notice's terms (AFG-38, AFG-44, KSC-22, KSC-26).
func (a *API) activateProcessor(w http.ResponseWriter, r *http.Request) {
	body, pack, err := a.called(w, r, "records-manager")
	if err != nil {
		a.fail(w, r, err)
		return
	}
	given, err := processor.Read(body)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	may, err := given.Judge(pack, a.Business.Now())
	if err != nil {
		a.fail(w, r, err)
		return
	}
	p, duplicate, err := a.activate(r.Context(), pack, store.Processor{Name: may.Name, Service: may.Service, Country: may.Country,
		Secrecy: may.Secrecy, Dedicated: may.Dedicated, ActivatedAt: may.At.UTC()})
	if err != nil {
		a.fail(w, r, err)
		return
	}
	created(w, activated{p, pack.Notice.Version, pack.Notice.URL}, duplicate)
}

// activate writes the company down with its event. One that is in use on the same terms stays as it is; other terms are a
// conflict.
func (a *API) activate(ctx context.Context, pack *policy.Pack, p store.Processor) (in store.Processor, duplicate bool, err error) {
	subject := uuid.NewSHA1(uuid.NameSpaceOID, []byte(pack.Authority+"/"+p.Name)).String() // a company's
	err = pg.Tx(ctx, a.DB, func(tx pgx.Tx) error {
		first, err := store.AddProcessor(ctx, tx, pack.Authority, p)
		if duplicate = !first; err != nil || duplicate {
			return err
		}
		return a.Box.Append(ctx, tx, outbox.Draft{Authority: pack.Authority, Type: events.TypeProcessorActivated, Subject: subject, Key: subject,
			PolicyVersion: pack.VersionOn(pack.Today(a.Business.Now())), Data: events.ProcessorActivated{Processor: p.Name, Service: p.Service,
				Country: p.Country, Secrecy: p.Secrecy, Dedicated: p.Dedicated, ActivatedAt: p.ActivatedAt}})
	})
	if err != nil {
		return p, false, err
	}
	if !duplicate {
		a.Box.Committed()
		return p, false, nil
	}
	return a.inUse(ctx, pack.Authority, p)
}

func (a *API) inUse(ctx context.Context, authority string, p store.Processor) (store.Processor, bool, error) {
	all, err := store.Processors(ctx, a.DB, authority)
	if err != nil {
		return p, true, err
	}
	i := slices.IndexFunc(all, func(one store.Processor) bool { return one.Name == p.Name })
	if i < 0 {
		return p, true, problem.New("conflict")
	}
	before := all[i]
	if p.ActivatedAt = before.ActivatedAt; p != before {
		return p, true, problem.New("conflict")
	}
	return before, true, nil
}

// processors lists the companies in use.
func (a *API) processors(w http.ResponseWriter, r *http.Request) {
	pack, err := a.packOf(r, "records-manager", "dpo", "admin", "case-officer")
	if err != nil {
		a.fail(w, r, err)
		return
	}
	all, err := store.Processors(r.Context(), a.DB, pack.Authority)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, map[string]any{"processors": append([]store.Processor{}, all...)})
}
