package generalise

import (
	"regexp"
	"slices"
)

// counties of Sweden by code (Statistics Sweden, in force since 1998).
var counties = []string{"01", "03", "04", "05", "06", "07", "08", "09", "10", "12", "13", "14",
	"17", "18", "19", "20", "21", "22", "23", "24", "25"}

// county is taken from the municipality's code, whose first two digits it is, or
// else from the postcode, which follows mail routes and not borders: that one is
// flagged. Who has neither is counted for the whole country.
func county(c Closure) value {
	if c.Country != "" && c.Country != "SE" {
		return assumed(c.Country)
	}
	if len(c.Municipality) == 4 && slices.Contains(counties, c.Municipality[:2]) {
		return known(c.Municipality[:2])
	}
	if code, ok := countyOfPostcode(c.Address); ok {
		return assumed(code)
	}
	return assumed("SE")
}

// A Swedish postcode never begins with 0; "172 00" or "17200", not part of a
// longer number.
var postcode = regexp.MustCompile(`(?:^|[^0-9])([1-9][0-9]{2}) ?([0-9]{2})(?:[^0-9]|$)`)

func countyOfPostcode(address string) (code string, ok bool) {
	found := postcode.FindStringSubmatch(address)
	if found == nil {
		return "", false
	}
	if code, ok = byPrefix[found[1]]; ok {
		return code, true
	}
	code, ok = byPrefix[found[1][:2]]
	return code, ok
}

// byPrefix gives the county in which most of a postcode area lies; three digits
// win over two.
var byPrefix = spread(map[string][]string{
	"01": {"10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "76"},
	"03": {"74", "75"},
	"04": {"63", "64", "611", "613", "619"},
	"05": {"58", "59", "60", "61"},
	"06": {"33", "55", "56", "57"},
	"07": {"34", "35", "36"},
	"08": {"38", "39", "361", "572", "577", "579", "593", "594", "598"},
	"09": {"62"},
	"10": {"37", "293", "294"},
	"12": {"20", "21", "22", "23", "24", "25", "26", "27", "28", "29"},
	"13": {"30", "31", "432", "434"},
	"14": {"40", "41", "42", "43", "44", "45", "46", "47", "50", "51", "52", "53", "54", "662", "666", "668"},
	"17": {"65", "66", "67", "68"},
	"18": {"69", "70", "71"},
	"19": {"72", "73"},
	"20": {"77", "78", "79"},
	"21": {"80", "81", "82"},
	"22": {"85", "86", "87", "88", "89"},
	"23": {"83", "84"},
	"24": {"90", "91", "92", "93"},
	"25": {"94", "95", "96", "97", "98"},
})

func spread(areas map[string][]string) map[string]string {
	counties := map[string]string{}
	for county, prefixes := range areas {
		for _, prefix := range prefixes {
			counties[prefix] = county
		}
	}
	return counties
}
