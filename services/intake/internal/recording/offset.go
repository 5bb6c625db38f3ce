package recording

import (
	"time"

	"gallra.se/libs/problem"
)

// Offset reads a place in a call, "HH:MM:SS" from its start, up to Longest.
func Offset(text string) (time.Duration, error) {
	refused := problem.OnField("invalid-field", "offset")
	if len(text) != len("00:00:00") || text[2] != ':' || text[5] != ':' {
		return 0, refused
	}
	var parts [3]int
	for i, at := range []int{0, 3, 6} {
		tens, ones := text[at]-'0', text[at+1]-'0'
		if tens > 9 || ones > 9 {
			return 0, refused
		}
		parts[i] = int(tens)*10 + int(ones)
	}
	if parts[1] > 59 || parts[2] > 59 {
		return 0, refused
	}
	d := time.Duration(parts[0])*time.Hour + time.Duration(parts[1])*time.Minute + time.Duration(parts[2])*time.Second
	if d > Longest {
		return 0, refused
	}
	return d, nil
}
