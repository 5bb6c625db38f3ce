package delivery_test

import (
	"encoding/json"
	"testing"
	"time"

	"gallra.se/services/disclosure/internal/delivery"
)

func TestAttemptsComeEveryQuarterAtFirstAndTwiceADayInTheEnd(t *testing.T) {
	t.Parallel()
	down := time.Date(2025, 4, 2, 8, 5, 0, 0, time.UTC)
	for since, wait := range map[time.Duration]time.Duration{
		0: 15 * time.Minute, time.Hour: 15 * time.Minute, 8 * time.Hour: 2 * time.Hour,
		48 * time.Hour: 12 * time.Hour, 1000 * time.Hour: 12 * time.Hour,
	} {
		now := down.Add(since)
		if found := delivery.NextAttempt(down, now).Sub(now); found != wait {
			t.Errorf("after %s: %s, not %s", since, found, wait)
		}
	}
}

func TestABodyHoldsOnlyReleasedFieldsInOneCanonicalForm(t *testing.T) {
	t.Parallel()
	body, err := delivery.Body("arbetsformedlingen", "SE-KFM", []string{"name", "fund", "registrationDates"}, map[string]json.RawMessage{
		"name":              json.RawMessage(`"Åsa \u003c& Co"`),
		"phoneNumber":       json.RawMessage(`"070"`),
		"registrationDates": json.RawMessage(`[ {"until":"2023-12-31", "from":"2021-09-01"} ]`),
	})
	const want = `{"authority":"arbetsformedlingen","fields":{"name":"Åsa <& Co","registrationDates":[{"from":"2021-09-01","until":"2023-12-31"}]},"recipient":"SE-KFM"}`
	if err != nil || string(body) != want {
		t.Errorf("%s %v", body, err)
	}
}

func TestAnErrorDoesNotQuoteAValue(t *testing.T) {
	t.Parallel()
	_, err := delivery.Body("a", "r", []string{"name"}, map[string]json.RawMessage{"name": json.RawMessage(`Anna`)})
	if err == nil || err.Error() != "decode field name: not JSON" {
		t.Error(err)
	}
}
