package acceptance

import (
	"strconv"
	"time"
)

// testNumber is one of Sweden's numbers for tests, of somebody born so many days after the first of January 1990.
func testNumber(day int) string {
	digits := time.Date(1990, 1, 1+day, 0, 0, 0, 0, time.UTC).Format("060102") + "238"
	sum := 0
	for i, d := range digits {
		n := int(d-'0') * (2 - i%2)
		sum += n/10 + n%10
	}
	return "19" + digits + strconv.Itoa((10-sum%10)%10)
}
