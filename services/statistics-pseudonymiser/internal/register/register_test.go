package register_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"gallra.se/libs/keyring"
	"gallra.se/services/statistics-pseudonymiser/internal/pseudonym"
	"gallra.se/services/statistics-pseudonymiser/internal/register"
)

// recomputed is p by another road than the service's: from the keyring's unit of
// the epoch and the standard library.
func (w world) recomputed(t *testing.T, person pseudonym.Token) string {
	t.Helper()
	var id uuid.UUID
	must(t, w.db.QueryRow(t.Context(), `SELECT unit FROM key_use WHERE authority = $1 AND purpose = 'epoch' AND period = '2024'`, af).Scan(&id))
	unit, err := w.ring.Unit(t.Context(), keyring.UnitRef{Authority: af, ID: id})
	must(t, err)
	mac := hmac.New(sha256.New, unit.MAC("stat:p", nil))
	mac.Write(person[:])
	return base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding).EncodeToString(mac.Sum(nil)[:16])
}

func TestPIsWhatAnyoneWithTheKeyComputesWhileLinkedAndSomethingElseAfter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, person := newToken(), newToken()
	w.record(t, r, person)
	linked := w.rows(t)
	if len(linked) != 1 || linked[0].State != "linked" || len(linked[0].MAC) != 32 || linked[0].P != w.recomputed(t, person) {
		t.Fatalf("%+v", linked)
	}
	w.separate(t, r, "2026-06-01")
	separated := w.rows(t)
	due := time.Date(2036, 5, 31, 22, 0, 0, 0, time.UTC)
	if len(separated) != 1 || separated[0].State != "separated" || separated[0].MAC != nil || separated[0].P == linked[0].P ||
		!separated[0].DueAt.Equal(due) || separated[0].SeparatedOn.String() != "2026-06-01" {
		t.Fatalf("%+v", separated)
	}
}

func TestRowsOfAPersonSeparatedTheSameDayKeepOneNameAndOthersGetAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	person, other := newToken(), newToken()
	sameDay, sameDayToo, nextDay, stranger := newToken(), newToken(), newToken(), newToken()
	for _, r := range []pseudonym.Token{sameDay, sameDayToo, nextDay} {
		w.record(t, r, person)
	}
	w.record(t, stranger, other)
	w.separate(t, sameDay, "2026-06-01")
	w.separate(t, nextDay, "2026-06-02")
	w.separate(t, stranger, "2026-06-01")
	w.separate(t, sameDayToo, "2026-06-01")
	names := map[string]int{}
	for _, row := range w.rows(t) {
		names[row.P+row.SeparatedOn.String()]++
		names[row.P]++
	}
	counts := map[int]int{}
	for _, n := range names {
		counts[n]++
	}
	if counts[2] != 2 || counts[1] != 4 || len(names) != 6 {
		t.Fatalf("%v", names)
	}
}

func TestAWithdrawnRowIsGoneAndItsSubjectIsPurged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := newToken()
	w.record(t, r, newToken())
	w.withdraw(t, r)
	var subjects int
	must(t, w.db.QueryRow(t.Context(), `SELECT count(*) FROM purge WHERE subject LIKE 'stats.v1.arbetsformedlingen.closed-cases.2024Q1.%'`).Scan(&subjects))
	if left := w.rows(t); len(left) != 0 || subjects != 1 {
		t.Fatalf("%d subjects, %+v", subjects, left)
	}
}

func TestACorrectionChangesTheLinkedRowAndASecondDeliveryDoesNot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := register.Recorded{R: newToken(), T: newToken(), Epoch: 2024, Fields: fields("2024Q1")}
	revisions := []int{1, 1, 2}
	for i, band := range []string{"3-5", "3-5", "6-10"} {
		e.Fields.ContactsBand = band
		must(t, w.recorded(af, e))
		var n, revision int
		must(t, w.db.QueryRow(t.Context(), `SELECT count(*), max(revision) FROM statistics_row`).Scan(&n, &revision))
		if n != 1 || revision != revisions[i] {
			t.Fatalf("step %d: %d rows, revision %d", i, n, revision)
		}
	}
}

func TestWhatCanNeverBeARowIsRefusedForGood(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, spoil := range map[string]func(authority *string, e *register.Recorded){
		"unknown authority": func(a *string, _ *register.Recorded) { *a = "arbetsmarknadsverket" },
		"another year":      func(_ *string, e *register.Recorded) { e.Epoch = 2023 },
		"no such sex":       func(_ *string, e *register.Recorded) { e.Fields.Sex = "199001012385" },
	} {
		authority, e := af, register.Recorded{R: newToken(), T: newToken(), Epoch: 2024, Fields: fields("2024Q1")}
		spoil(&authority, &e)
		var refused register.Refusal
		if err := w.recorded(authority, e); !errors.As(err, &refused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNoDatabaseRowHoldsATokenOrACodeInTheClear(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, person := newToken(), newToken()
	w.record(t, r, person)
	for _, needle := range [][]byte{r[:], person[:], []byte("job-seeking"), []byte("got-work")} {
		var found bool
		must(t, w.db.QueryRow(t.Context(), `SELECT bool_or(position($1::bytea IN convert_to(p, 'UTF8') || coalesce(row_mac, '') || fields) > 0) FROM statistics_row`, needle).Scan(&found))
		if found {
			t.Errorf("%q is readable", needle)
		}
	}
}
