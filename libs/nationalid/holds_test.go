package nationalid

import (
	"testing"

	"gallra.se/libs/calendar"
)

var written = calendar.MustDate("2024-06-15")

// TES-15, AFG-24
func TestANumberIsFoundInATextHoweverItIsSpelled(t *testing.T) {
	t.Parallel()
	for _, number := range []string{
		"197602102381", "19760210-2381", "760210-2381", "760210+2381", "7602102381", "760210 2381", "19760210 2381", "1976 02 10 2381",
		"19 76 02 10 23 81", "1 9 7 6 0 2 1 0 2 3 8 1", "1976-02-10-2381", "760210 - 2381", "１９７６０２１０２３８１", "7602\u200b102381", "760210–2381",
		"070503A9886", "070503a9886", "070503 A9886", "070503A 9886", "010594Y9032", "020594X903P", "٧٦٠٢١٠٢٣٨١",
	} {
		for _, text := range []string{number, "It is " + number + ".", "(" + number + ")", "code:" + number + "\nbye"} {
			if !Holds(text, written) {
				t.Errorf("not found in %q", text)
			}
		}
	}
}

func TestWhatIsNoNumberIsNotTakenForOne(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "Write to the registry or use secure mail.", "Call 029 502 5500 between 9 and 16.15", "Case AF-2024-000117", "2024-05-10 at 10.30",
		"197602102382", "IBAN FI21 1234 5600 0007 85", "invoice 20240510-00012", "0190c3a4-7e1b-7cc3-98c4-dc0c0c07398f",
		"760210\n2381", "1234567890123456", "1976, 02 and 10, 2381",
	} {
		if Holds(text, written) {
			t.Errorf("found in %q", text)
		}
	}
}

func FuzzHolds(f *testing.F) {
	f.Add("It is 760210-2381.")
	f.Add("٧٦٠٢١٠٢٣٨١ \xff")
	f.Fuzz(func(t *testing.T, text string) {
		Holds(text, written)
		if !Holds(text+"\n197602102381\n"+text, written) {
			t.Fatal("a number in the middle is not found")
		}
	})
}
