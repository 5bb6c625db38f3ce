package generalise

// codes is a closed list: a value that is not on it, however it reads, becomes
// the last resort. Text can not pass.
type codes struct {
	of   map[string]string // what the source says → code
	last string
}

func (c codes) code(s string) value {
	if code, ok := c.of[s]; ok {
		return known(code)
	}
	return assumed(c.last)
}

func same(words ...string) map[string]string {
	m := map[string]string{}
	for _, word := range words {
		m[word] = word
	}
	return m
}

func and(m map[string]string, said, code string) map[string]string {
	m[said] = code
	return m
}

var (
	caseTypes = codes{same("job-seeking", "programme", "benefit", "control", "recruitment", "service"), "other"}

	reasons = codes{and(same("got-work", "education", "contact-lost", "completed", "programme-ended", "other"),
		"employment", "got-work"), "other"}

	// Programmes: "" is a person without one.
	programmes = codes{and(same("none", "job-guarantee", "youth-guarantee", "start-job", "wage-subsidy",
		"work-training", "labour-market-training", "introduction"), "", "none"), "other"}

	channels = codes{same("phone", "chat", "email", "econtact", "visit", "web"), "other"}
)
