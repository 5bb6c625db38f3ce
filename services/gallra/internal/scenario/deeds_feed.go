package scenario

import (
	"context"
	"time"

	"gallra.se/services/gallra/internal/client"
)

// supplierFeed hands in what a source outside knows of a person.
func (r *run) supplierFeed(ctx context.Context, step Step) (client.Answer, error) {
	person, err := r.person(step.With)
	if err != nil {
		return client.Answer{}, err
	}
	source, err := step.With.Text("supplier")
	if err != nil {
		return client.Answer{}, err
	}
	fields, err := step.With.Fields("fields")
	if err != nil {
		return client.Answer{}, err
	}
	answer, err := r.post(ctx, step, "/v1/feeds", map[string]any{"id": r.line(step, "")["id"], "source": source,
		"person": map[string]any{"nationalId": person.NationalID}, "fields": fields, "at": step.At.Format(time.RFC3339)})
	return r.contactMade(step, answer, err)
}

// invoiceRecord hands in an invoice of an employer of the file. The name among its fields is that of who did the work.
func (r *run) invoiceRecord(ctx context.Context, step Step) (client.Answer, error) {
	alias, err := step.With.Text("employer")
	if err != nil {
		return client.Answer{}, err
	}
	employer, ok := r.file.Employers[alias]
	if !ok {
		return client.Answer{}, step.With.Refuse("employer", "the file has no employer %q", alias)
	}
	fields, err := step.With.Fields("fields")
	if err != nil {
		return client.Answer{}, err
	}
	invoice := map[string]any{"id": r.line(step, "")["id"], "supplier": map[string]any{"name": employer.Name, "orgNumber": employer.OrgNumber},
		"fields": fields, "at": step.At.Format(time.RFC3339)}
	if name, named := fields["name"]; named {
		invoice["performedBy"] = name
		delete(fields, "name")
	}
	answer, err := r.post(ctx, step, "/v1/invoices", invoice)
	return r.contactMade(step, answer, err)
}

// contactMade remembers what is found like a contact.
func (r *run) contactMade(step Step, answer client.Answer, err error) (client.Answer, error) {
	if err == nil {
		id := made(answer, "id")
		r.remember(step, answer, thing{Path: "/v1/contacts/" + id, Record: id})
	}
	return answer, err
}
