package evidence

import (
	"fmt"
	"os"

	"gallra.se/services/ledger/receipt"
)

// Receipt verifies one file, and is what it bears witness of.
func Receipt(path string, keys Keys) (receipt.Receipt, error) {
	file, err := os.ReadFile(path)
	if err != nil {
		return receipt.Receipt{}, err
	}
	if err := receipt.Verify(file, keys.Log, keys.Witness...); err != nil {
		return receipt.Receipt{}, err
	}
	return receipt.Parse(file)
}

// Describe is a leaf in one line.
func Describe(l receipt.Leaf) string {
	switch l.Kind {
	case receipt.Delivered:
		return fmt.Sprintf("disclosure %s to %s under %s", l.Record, l.Recipient, l.Rule)
	case receipt.Sealed:
		return fmt.Sprintf("package %s of %d records was sealed for %s under %s", l.Record, l.Records, l.Archive, l.Rule)
	case receipt.Extracted:
		return fmt.Sprintf("extract %s of %d records was issued under %s", l.Record, l.Records, l.Rule)
	}
	return fmt.Sprintf("%s %s was destroyed under %s, gone from %s", l.Category, l.Record, l.Rule, l.DueOn)
}
