package devlogin

import "strconv"

// Persona is somebody made up.
type Persona struct {
	Account     string // also the subject
	Name        string
	Family      string
	Street      string
	Authority   string
	Says        string // what the picker says of them
	Roles       []string
	Appointed   bool
	Undertaking string // last day
	Trained     bool
}

// part is a persona without a name.
type part struct {
	key, says   string
	roles       []string
	appointed   bool
	undertaking string
	trained     bool
}

const far, past = "2099-12-31", "2019-12-31"

var parts = []part{
	{"case", "case officer", []string{"case-officer"}, false, far, true},
	{"matching", "matching officer", []string{"matching-officer"}, false, far, true},
	{"control", "control officer", []string{"control-officer"}, false, far, true},
	{"protected", "officer appointed for protected persons", []string{"protected-officer", "case-officer"}, true, far, true},
	{"recruiter", "recruiter", []string{"recruiter"}, false, far, true},
	{"records", "records manager", []string{"records-manager"}, false, far, true},
	{"dpo", "data protection officer", []string{"dpo"}, false, far, true},
	{"unbound", "case officer without a confidentiality undertaking", []string{"case-officer"}, false, "", true},
	{"expired", "case officer whose undertaking has expired", []string{"case-officer"}, false, past, true},
	{"untrained", "case officer without training", []string{"case-officer"}, false, far, false},
}

// names are given to parts in their order.
var names = map[string][][2]string{
	"Europe/Stockholm": {{"Karin", "Ek"}, {"Omar", "Lind"}, {"Sara", "Björk"}, {"Per", "Hassel"}, {"Leila", "Alm"}, {"Nils", "Rönn"}, {"Eva", "Lönn"}, {"Ida", "Asp"}, {"Jonas", "Sälg"}, {"Maja", "Hägg"}},
	"Europe/Helsinki":  {{"Aino", "Koivu"}, {"Mikko", "Leppä"}, {"Elina", "Pihlaja"}, {"Juho", "Tammi"}, {"Sanna", "Vaahtera"}, {"Antti", "Haapa"}, {"Liisa", "Kuusi"}, {"Olli", "Mänty"}, {"Helmi", "Raita"}, {"Ville", "Jalava"}},
}

// Authority is one whose staff is made up.
type Authority struct{ Name, Zone string }

// Personas makes up one person of each kind for each authority.
func Personas(authorities []Authority) []Persona {
	var all []Persona
	for _, authority := range authorities {
		called := names[authority.Zone]
		if called == nil {
			called = names["Europe/Stockholm"]
		}
		for i, p := range parts {
			all = append(all, Persona{Account: authority.Name + "." + p.key, Name: called[i][0] + " " + called[i][1], Family: called[i][1],
				Street: "Personastigen " + strconv.Itoa(i+1), Authority: authority.Name, Says: p.says, Roles: p.roles, Appointed: p.appointed,
				Undertaking: p.undertaking, Trained: p.trained})
		}
	}
	return all
}

// claims are as a provider of an authority would have them.
func (p Persona) claims() map[string]any {
	return map[string]any{"sub": p.Account, "preferred_username": p.Account, "name": p.Name, "family_name": p.Family,
		"address": map[string]string{"street_address": p.Street}, "gallra_authority": p.Authority, "gallra_roles": p.Roles,
		"gallra_appointed": p.Appointed, "gallra_undertaking": p.Undertaking, "gallra_trained": p.Trained}
}
