package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/access"
	"gallra.se/libs/bearer"
)

// What is about a protected person, or of a case with one in it, does not exist for whoever is not appointed: no date, no
// line of a list, no part of a count (AFG-08, AFG-10). Whatever answers somebody asks here. Who asks stands in the context; a
// context that says nothing about it is one of somebody who is not appointed.

type wholeKey struct{}

// Whole marks a question of the system itself, whose answer is a sum over everything.
func Whole(ctx context.Context) context.Context { return context.WithValue(ctx, wholeKey{}, true) }

// Sees says whether who asks may know of hidden units.
func Sees(ctx context.Context) bool {
	if whole, _ := ctx.Value(wholeKey{}).(bool); whole {
		return true
	}
	c, ok := bearer.From(ctx)
	return ok && access.Appointed(c)
}

// hiddenUnits are all of them; (u.authority, u.unit) NOT IN this is asked once for a list, not once for a row.
const hiddenUnits = `(SELECT authority, unit FROM hidden_unit)`

// hiddenTarget is true of a hold h whose target is hidden.
const hiddenTarget = `(CASE h.scope
	WHEN 'person' THEN EXISTS (SELECT FROM protected_person AS p WHERE p.authority = h.authority AND p.person = h.target)
	WHEN 'case' THEN EXISTS (SELECT FROM unit AS t WHERE t.authority = h.authority AND t.case_id = h.target AND (t.authority, t.unit) IN ` + hiddenUnits + `)
	ELSE EXISTS (SELECT FROM record AS t WHERE t.authority = h.authority AND t.record = h.target AND (t.authority, t.unit) IN ` + hiddenUnits + `) END)`

// Hidden says whether one of these units is hidden from who asks.
func Hidden(ctx context.Context, tx pgx.Tx, authority string, units []uuid.UUID) (yes bool, err error) {
	err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM hidden_unit WHERE authority = $1 AND unit = ANY($2))`, authority, units).Scan(&yes)
	if err != nil {
		return false, fmt.Errorf("look for hidden units: %w", err)
	}
	return yes && !Sees(ctx), nil
}

// HiddenTarget says whether what a hold is to cover is hidden from who asks.
func HiddenTarget(ctx context.Context, tx pgx.Tx, authority, scope string, target uuid.UUID) (yes bool, err error) {
	err = tx.QueryRow(ctx, `SELECT `+hiddenTarget+` FROM (SELECT $1::text AS authority, $2::text AS scope, $3::uuid AS target) AS h`,
		authority, scope, target).Scan(&yes)
	if err != nil {
		return false, fmt.Errorf("look for hidden targets: %w", err)
	}
	return yes && !Sees(ctx), nil
}
