package acceptance

import (
	"encoding/json"
	"testing"

	"gallra.se/services/gallra/internal/trespass"
)

func TestNoKeyOfARunningSystemOpensAnothersDoor(t *testing.T) {
	t.Parallel()
	system, _ := up(t, dataDir(t), "--clock=simulated=2024-01-01")
	connected(t, system, "one", "--publish", "arbetsformedlingen/contact", "--subscribe", "arbetsformedlingen/case.*")
	connected(t, system, "two", "--publish", "te-customer-service/*", "--subscribe", "te-customer-service/record.disposed")
	status, out, errs := gallra(t, "credentials", "check", "--data", system.Dir, "--json")
	var said struct {
		Attempts int
		Tallies  []trespass.Tally
		Wrong    []trespass.Attempt
	}
	if err := json.Unmarshal([]byte(out), &said); err != nil {
		t.Fatalf("%v: %d %s%s", err, status, out, errs)
	}
	for _, a := range said.Wrong {
		t.Errorf("%+v", a)
	}
	roles, users := 0, 0
	for _, tally := range said.Tallies {
		if tally.Who[:5] == "role " {
			roles++
		} else {
			users++
		}
	}
	if status != 0 || said.Attempts < 4000 || roles != 10 || users < 18 {
		t.Errorf("%d: %d attempts by %d users and %d roles: %s", status, said.Attempts, users, roles, errs)
	}
	t.Run("and trying disturbs nothing", func(t *testing.T) {
		reconciles(t, system)
		if status, out, errs := gallraFor(t, system, "health"); status != 0 {
			t.Errorf("%d %s%s", status, out, errs)
		}
	})
	t.Run("nor does a second start lose a partner", func(t *testing.T) {
		system.Stop()
		again, _ := up(t, system.Dir)
		if status, out, errs := gallra(t, "credentials", "check", "--data", again.Dir); status != 0 {
			t.Errorf("%d %s%s", status, out, errs)
		}
	})
}
