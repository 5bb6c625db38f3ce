package generalise

import (
	"maps"
	"slices"
)

func contactsBand(contacts map[string]int) string {
	n := 0
	for _, count := range contacts {
		n += max(count, 0)
	}
	switch {
	case n == 0:
		return "0"
	case n <= 2:
		return "1-2"
	case n <= 5:
		return "3-5"
	case n <= 10:
		return "6-10"
	}
	return ">10"
}

// channelMain is the channel with most contacts; of equals the first by name.
func channelMain(contacts map[string]int) string {
	best, most := "none", 0
	for _, channel := range slices.Sorted(maps.Keys(contacts)) {
		if contacts[channel] > most {
			best, most = channels.code(channel).code, contacts[channel]
		}
	}
	return best
}
