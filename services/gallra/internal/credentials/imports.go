package credentials

import "strings"

// Domain is the JetStream domain under which an account sees another account's JetStream:
// its own API, which it has not, would answer on the ordinary subjects.
const Domain = "gallra"

// Import is a subject of another account that an account may send requests to.
type Import struct {
	From    string // account
	Subject string // there
	Stream  bool   // a request has more than one answer
}

// Local is the subject as the importing account knows it.
func (i Import) Local() string {
	if rest, ok := strings.CutPrefix(i.Subject, "$JS.API."); ok {
		return "$JS." + Domain + ".API." + rest
	}
	return i.Subject
}

func locals(imports []Import) []string {
	subjects := make([]string, len(imports))
	for i, from := range imports {
		subjects[i] = from.Local()
	}
	return subjects
}

var outsideImports = []Import{{From: AccountCore, Subject: "in.>"}}

// analystsImports are what consumers of one's own need, but for dropping them.
var analystsImports = []Import{
	{From: AccountStats, Subject: "$JS.API.STREAM.INFO.STATS"},
	{From: AccountStats, Subject: "$JS.API.CONSUMER.CREATE.STATS.>"},
	{From: AccountStats, Subject: "$JS.API.CONSUMER.INFO.STATS.>"},
	{From: AccountStats, Subject: "$JS.API.CONSUMER.MSG.NEXT.STATS.>", Stream: true},
}
