package casework

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/keyring"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/lifetime"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/part"
	"gallra.se/services/case-linker/internal/store"
)

// party is somebody who takes part in a case, with a living share.
type party struct {
	store.Share
	part.Person
}

// parts encrypts a note for each person that it is about, under that person's share or a unit beside it.
func (d *Desk) parts(ctx context.Context, t Taken, c store.Case, shares []store.Share) ([]placedPart, error) {
	if t.Share != uuid.Nil {
		shares = slices.DeleteFunc(slices.Clone(shares), func(s store.Share) bool { return s.Share != t.Share })
		if len(shares) == 0 {
			return nil, problem.New("gone")
		}
	}
	if t.Contact != nil || len(shares) == 1 && len(t.About) == 0 && len(t.Segments) == 0 {
		s := d.shareFor(ctx, t, shares)
		if err := d.mayBeKept(ctx, t, c, s.Person); err != nil {
			return nil, err
		}
		placed, err := d.partFor(ctx, t, c, s, Note{Salt: newSalt(), Text: t.Text, Author: t.Author, Written: t.Written})
		return []placedPart{placed}, err
	}
	all, err := d.parties(ctx, shares)
	if err != nil {
		return nil, err
	}
	about, texts, err := d.divide(t, all)
	if err != nil {
		return nil, err
	}
	if len(t.Fields)+len(t.Counts)+len(t.Items) > 0 && len(about) > 1 {
		return nil, problem.OnField("invalid-field", "about") // whose they are must be plain
	}
	var out []placedPart
	for _, who := range all {
		if !slices.Contains(about, who.Number) {
			continue
		}
		if err := d.mayBeKept(ctx, t, c, who.Share.Person); err != nil {
			return nil, err
		}
		note := Note{Salt: newSalt(), Text: t.Text, Author: t.Author, Written: t.Written}
		if len(about) > 1 || len(t.Segments) > 0 {
			own := texts.Of(who.Number)
			note.Text, note.Person, note.About, note.Shared = "", who.Number, about, &own
		}
		placed, err := d.partFor(ctx, t, c, who.Share, note)
		if err != nil {
			return nil, err
		}
		out = append(out, placed)
	}
	return out, nil
}

// parties opens who takes part in a case. A recruitment's own share is about nobody; it comes last, for what is about none
// of the applicants.
func (d *Desk) parties(ctx context.Context, shares []store.Share) ([]party, error) {
	refs := make([]keyring.UnitRef, len(shares))
	for i, s := range shares {
		refs[i] = ref(s.Authority, s.Share)
	}
	keys, err := d.Keys.Units(ctx, refs)
	if err != nil {
		return nil, err
	}
	var persons, own []party
	for i, s := range shares {
		if keys[refs[i]] == nil {
			return nil, problem.New("gone")
		}
		file, err := open[File](keys[refs[i]], s.Authority, s.Share, store.CategoryFile, s.Content)
		if err != nil {
			return nil, err
		}
		who := party{s, part.Person{Name: file.Name, NationalID: file.NationalID}}
		if s.Kind == store.OwnShare {
			own = append(own, who)
		} else {
			persons = append(persons, who)
		}
	}
	all := append(persons, own...)
	for i := range all {
		all[i].Number = i + 1
	}
	return all, nil
}

// divide says whom a note is about, by their numbers, and cuts its texts. Whoever is mentioned is one of them: no name
// lies under another's key. Where nobody is called, a note is about all persons of the case; one in a recruitment is about
// those whom it mentions, or about none.
func (d *Desk) divide(t Taken, all []party) (about []int, texts part.Texts, err error) {
	for _, name := range t.About {
		who, ok := d.partyCalled(t, name, all)
		if !ok {
			return nil, texts, problem.OnField("invalid-field", "about")
		}
		about = append(about, who)
	}
	segments := map[int]string{}
	for name, text := range t.Segments {
		who, ok := d.partyCalled(t, name, all)
		if _, twice := segments[who]; !ok || twice {
			return nil, texts, problem.OnField("invalid-field", "segments")
		}
		segments[who], about = text, append(about, who)
	}
	persons := make([]part.Person, len(all))
	for i, who := range all {
		persons[i] = who.Person
	}
	texts = part.Cut(t.Text, segments, persons)
	last := all[len(all)-1]
	recruitment := last.Kind == store.OwnShare
	for _, who := range all {
		if len(t.About) == 0 && !recruitment || texts.Mentioned(who.Number) {
			about = append(about, who.Number)
		}
	}
	if len(about) == 0 {
		about = []int{last.Number}
	}
	slices.Sort(about)
	return slices.Compact(about), texts, nil
}

// partyCalled finds somebody of a case by opaque id or national number.
func (d *Desk) partyCalled(t Taken, name string, all []party) (number int, ok bool) {
	canonical := ""
	if pack, known := d.Rules.Packs.Pack(t.Authority); known {
		if id, err := line.Written(pack, name, t.At); err == nil {
			canonical = id.Canonical()
		}
	}
	person, _ := uuid.Parse(name)
	for _, who := range all {
		if who.Share.Person == person || canonical != "" && who.NationalID == canonical {
			return who.Number, true
		}
	}
	return 0, false
}

// partFor encrypts a part for where it goes.
func (d *Desk) partFor(ctx context.Context, t Taken, c store.Case, s store.Share, note Note) (placedPart, error) {
	p := placedPart{share: s, row: store.Note{Authority: t.Authority, Note: t.Note, Share: s.Share, Category: t.Category, Contact: t.Contact, NotedAt: t.At}}
	key, err := d.placeIn(ctx, &p, c)
	if err != nil {
		return p, err
	}
	p.key = key.Number()
	if note.LegalBasis == nil {
		note.LegalBasis = d.basis(t.Authority, c.Type)
	}
	p.row.Content, p.row.Commitment, err = seal(key, t.Authority, t.Note, t.Category, note)
	return p, err
}

// basis is what handling cases of a type rests on.
func (d *Desk) basis(authority, caseType string) []string {
	pack, known := d.Rules.Packs.Pack(authority)
	if !known {
		return nil
	}
	t, _ := pack.CaseType(caseType)
	return t.LegalBasis
}

// placeIn finds the unit that a part goes with, and its key: the share's, or that of the share's notes of a category that
// goes at another time (STH-18, STH-19). The first such note makes the unit.
func (d *Desk) placeIn(ctx context.Context, p *placedPart, c store.Case) (*keyring.Unit, error) {
	authority, category := p.row.Authority, p.row.Category
	pack, known := d.Rules.Packs.Pack(authority)
	if !known || !lifetime.Apart(pack, category, c.Type) {
		return d.livingKey(ctx, authority, p.share.Share)
	}
	unit, found, err := store.NoteUnitOf(ctx, d.DB, authority, p.share.Share, category)
	if err != nil {
		return nil, err
	}
	if found {
		p.unit, p.row.Unit = &unit, &unit.Unit
		key, err := d.Keys.Unit(ctx, ref(authority, unit.Unit))
		if unit.Intended || errors.Is(err, keyring.ErrDestroyed) {
			err = problem.Unavailable(disposing)
		}
		return key, err
	}
	unit = store.NoteUnit{Authority: authority, Unit: uuid.New(), Share: p.share.Share, Case: c.Case, Person: p.share.Person,
		Category: category, CaseType: c.Type}
	p.unit, p.row.Unit = &unit, &unit.Unit
	return d.Keys.NewUnit(ctx, ref(authority, unit.Unit), keyring.Shared("notes"))
}

func (d *Desk) livingKey(ctx context.Context, authority string, unit uuid.UUID) (*keyring.Unit, error) {
	key, err := d.Keys.Unit(ctx, ref(authority, unit))
	if errors.Is(err, keyring.ErrDestroyed) || errors.Is(err, keyring.ErrUnknown) {
		return nil, problem.New("gone")
	}
	return key, err
}

// keepUnit stores a unit of notes, after its person, case and share were locked. ErrMoved: another was quicker, its destruction
// is decided, or it has had a newer key than that of this number since.
func keepUnit(ctx context.Context, tx pgx.Tx, u *store.NoteUnit, key int) error {
	if u == nil {
		return nil
	}
	if _, err := store.InsertNoteUnit(ctx, tx, *u); err != nil {
		return err
	}
	locked, err := store.LockNoteUnits(ctx, tx, u.Authority, []uuid.UUID{u.Unit})
	if err != nil {
		return err
	}
	if now, there := locked[u.Unit]; !there || now.Intended || now.KeyNumber > key {
		return ErrMoved
	}
	return nil
}
