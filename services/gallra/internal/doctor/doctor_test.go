package doctor

import (
	"net"
	"testing"
)

func TestATakenAddressIsToldWithWhatToDo(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	f := address(t.Context(), l.Addr().String(), "take another")
	if f.Grade != Warn || f.Do == "" {
		t.Errorf("%+v", f)
	}
}

func TestEveryFindingThatIsNotGoodSaysWhatToDo(t *testing.T) {
	t.Parallel()
	for _, f := range Look(t.Context(), Place{Dir: "/proc/no/such/place", HTTP: "127.0.0.1:0"}) {
		if f.Grade == Fail && f.Do == "" {
			t.Errorf("%+v", f)
		}
	}
	if Worst([]Finding{{Grade: Warn}, {Grade: Fail}, {Grade: Good}}) != Fail {
		t.Error("the worst of all is not the worst")
	}
}
