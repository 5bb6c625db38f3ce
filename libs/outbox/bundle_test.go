package outbox_test

import (
	"fmt"
	"testing"

	"gallra.se/libs/bus"
	"gallra.se/libs/outbox"
)

func TestABundleIsOfOneAuthorityAndPartitionAndNotTooLarge(t *testing.T) {
	t.Parallel()
	type thing struct{ authority, key string }
	var things []thing
	for i := range 200 {
		things = append(things, thing{[]string{"a", "b"}[i%2], fmt.Sprint(i)})
	}
	told := map[thing]int{}
	for _, b := range outbox.Bundles(things, 3, func(t thing) (string, string) { return t.authority, t.key }) {
		if len(b.Things) == 0 || len(b.Things) > 3 {
			t.Errorf("a bundle of %d", len(b.Things))
		}
		for _, one := range b.Things {
			told[one]++
			if one.authority != b.Authority || bus.Partition(one.key) != bus.Partition(b.Things[0].key) {
				t.Errorf("%v is in a bundle of %s with %v", one, b.Authority, b.Things[0])
			}
		}
	}
	for _, one := range things {
		if told[one] != 1 {
			t.Errorf("%v is told of %d times", one, told[one])
		}
	}
}
