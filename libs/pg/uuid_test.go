package pg_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
)

func TestUUIDsGoThereAndBack(t *testing.T) {
	t.Parallel()
	db, err := pg.Open(t.Context(), pgtest.New(t))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	one, all := uuid.New(), []uuid.UUID{uuid.New(), uuid.Nil, uuid.New()}
	var none *uuid.UUID
	var single uuid.UUID
	var pointed, missing *uuid.UUID
	var several []uuid.UUID
	var text, inArray string
	err = db.QueryRow(t.Context(), `SELECT $1::uuid, $1::uuid, $2::uuid, $3::uuid[], $1::uuid::text, ($3::uuid[])[3]::text`, one, none, all).
		Scan(&single, &pointed, &missing, &several, &text, &inArray)
	if err != nil {
		t.Fatal(err)
	}
	if single != one || *pointed != one || missing != nil || !slices.Equal(several, all) || text != one.String() || inArray != all[2].String() {
		t.Errorf("%s %s %v %v %s %s", single, pointed, missing, several, text, inArray)
	}
	if err := db.QueryRow(t.Context(), `SELECT NULL::uuid`).Scan(&single); err == nil {
		t.Error("nothing was read as a uuid")
	}
	var fromText uuid.UUID
	if err := db.QueryRow(t.Context(), `SELECT $1::text::uuid`, one.String()).Scan(&fromText); err != nil || fromText != one {
		t.Errorf("%s %v", fromText, err)
	}
}
