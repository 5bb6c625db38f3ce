package casework

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"

	"gallra.se/events"
	"gallra.se/libs/calendar"
	"gallra.se/libs/keyring"
	"gallra.se/libs/nationalid"
	"gallra.se/libs/outbox"
	"gallra.se/libs/policy"
	"gallra.se/services/case-linker/internal/generalise"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/peers"
	"gallra.se/services/case-linker/internal/store"
)

// tokenSize is 128 bits.
const tokenSize = 16

// rowToken is r: one random-looking token for each closing of a share. It is derived from the share's key and dies with
// it.
func rowToken(share *keyring.Unit, closing int) string {
	return hex.EncodeToString(share.MAC("statistics row", binary.BigEndian.AppendUint32(nil, uint32(closing)))[:tokenSize])
}

// personToken is t: one token for a person and epoch. It is derived from the person's key and dies with it. A person who
// is gone already counts as somebody new.
func (d *Desk) personToken(ctx context.Context, s store.Share, epoch int) (string, error) {
	unit, err := d.Keys.Unit(ctx, ref(s.Authority, s.Person))
	if errors.Is(err, keyring.ErrDestroyed) || errors.Is(err, keyring.ErrUnknown) {
		return hex.EncodeToString(newSalt()), nil
	}
	if err != nil {
		return "", err
	}
	return hex.EncodeToString(unit.MAC("statistics person", binary.BigEndian.AppendUint32(nil, uint32(epoch)))[:tokenSize]), nil
}

// statisticsRow is the coarse row of a share that is being closed, sealed to statistics.
func (d *Desk) statisticsRow(ctx context.Context, l line.Line, c store.Case, s store.Share, closing int) (outbox.Draft, error) {
	unit, err := d.Keys.Unit(ctx, ref(s.Authority, s.Share))
	if err != nil {
		return outbox.Draft{}, err
	}
	fields, err := d.coarse(ctx, l, c, s, unit)
	if err != nil {
		return outbox.Draft{}, err
	}
	epoch := generalise.Epoch(l.EffectiveOn)
	t, err := d.personToken(ctx, s, epoch)
	if err != nil {
		return outbox.Draft{}, err
	}
	return d.toStatistics(ctx, s.Authority, events.TypeStatisticsRecorded,
		events.SealedStatisticsRecorded{R: rowToken(unit, closing), T: t, Epoch: epoch, Row: fields})
}

func (d *Desk) coarse(ctx context.Context, l line.Line, c store.Case, s store.Share, unit *keyring.Unit) (events.StatisticsFields, error) {
	file, err := open[File](unit, s.Authority, s.Share, store.CategoryFile, s.Content)
	if err != nil {
		return events.StatisticsFields{}, err
	}
	who, err := nationalid.Parse(l.Pack.Country, file.NationalID)
	if err != nil {
		return events.StatisticsFields{}, err
	}
	notes, err := store.NotesOfShare(ctx, d.DB, s.Authority, s.Share)
	if err != nil {
		return events.StatisticsFields{}, err
	}
	others, err := store.OtherCases(ctx, d.DB, s.Authority, s.Person, s.Case, l.At.AddDate(-5, 0, 0), l.At)
	if err != nil {
		return events.StatisticsFields{}, err
	}
	lives := d.known(ctx, l.Pack, s)
	return generalise.Fields(generalise.Closure{Country: l.Pack.Country, Born: who.BirthDate(), Sex: string(who.Sex()),
		Municipality: lives["municipality"], Address: lives["address"], SSYK: lives["ssyk"],
		CaseType: c.Type, OpenedOn: l.Pack.Today(c.OpenedAt), ClosedOn: l.EffectiveOn, Reason: l.Reason,
		Contacts: map[string]int{"": len(notes)}, PriorCases: others}), nil
}

// known is what the living identity tells; nothing when it is gone.
func (d *Desk) known(ctx context.Context, p *policy.Pack, s store.Share) map[string]string {
	person, unit, err := d.livingPerson(ctx, p, s.Person)
	if err != nil {
		return nil
	}
	who, err := open[Identity](unit, s.Authority, s.Person, store.CategoryIdentity, person.Content)
	if err != nil {
		return nil
	}
	return who.Fields
}

// statisticsWithdrawal takes the row of a closing back.
func (d *Desk) statisticsWithdrawal(ctx context.Context, _ line.Line, _ store.Case, s store.Share, closing int) (outbox.Draft, error) {
	unit, err := d.Keys.Unit(ctx, ref(s.Authority, s.Share))
	if err != nil {
		return outbox.Draft{}, err
	}
	return d.toStatistics(ctx, s.Authority, events.TypeStatisticsWithdrawn, events.SealedStatisticsWithdrawn{R: rowToken(unit, closing)})
}

// StatisticsSeparation says that the share of a closed case is going: the link to its row is to be destroyed. ok is false
// when the share has no row or no key any more.
func (d *Desk) StatisticsSeparation(ctx context.Context, pack *policy.Pack, s store.Share, on calendar.Date) (draft outbox.Draft, ok bool, err error) {
	if !inStatistics(pack, s) {
		return draft, false, nil
	}
	authority := pack.Authority
	closings, err := store.Closings(ctx, d.DB, authority, s.Case)
	if err != nil || len(closings) == 0 {
		return draft, false, err
	}
	unit, err := d.Keys.Unit(ctx, ref(authority, s.Share))
	if errors.Is(err, keyring.ErrDestroyed) {
		return draft, false, nil
	}
	if err != nil {
		return draft, false, err
	}
	draft, err = d.toStatistics(ctx, authority, events.TypeStatisticsSeparated,
		events.SealedStatisticsSeparated{R: rowToken(unit, len(closings)), SeparatedOn: on.String()})
	return draft, err == nil, err
}

// toStatistics seals a payload and makes an event that nothing can be joined by.
func (d *Desk) toStatistics(ctx context.Context, authority, eventType string, payload any) (outbox.Draft, error) {
	plain, err := json.Marshal(payload)
	if err != nil {
		return outbox.Draft{}, err
	}
	sealed, keyID, err := d.Peers.Seal(ctx, peers.Statistics, events.StatisticsAAD(eventType, authority), plain)
	if err != nil {
		return outbox.Draft{}, err
	}
	return outbox.Draft{Authority: authority, Type: eventType, KeyID: keyID, Unlinkable: true,
		Data: events.StatisticsRecorded{Sealed: sealed, KeyID: keyID}}, nil
}
