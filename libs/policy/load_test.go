package policy

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestAnUnknownKeyIsRefusedWithItsPlace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, content, want string }{
		{"key", "authority: x\ncolour: red\n", "x/a.yaml:2:1: unknown key \"colour\""},
		{"key deep down", "rules:\n  - id: A\n    perod: 3\n", "x/a.yaml:3:5: unknown key \"perod\""},
		{"period without unit", "rules:\n  - versions:\n      - {period: 15}\n", "x/a.yaml:3:18: parse period \"15\": want a whole number above 0 and its unit, as \"15 months\" or \"P15M\""},
		{"zone", "zone: Europe/Gotham\n", "x/a.yaml:1:7: unknown zone \"Europe/Gotham\""},
		{"trigger", "channels:\n  - trigger: on-monday\n", "x/a.yaml:2:14: unknown trigger \"on-monday\""},
		{"mode", "rules:\n  - versions:\n      - mode: about\n", "x/a.yaml:3:15: unknown mode \"about\": want exact, ceiling or weekly"},
		{"date", "rules:\n  - versions:\n      - validFrom: 2023-02-29\n", "x/a.yaml:3:20: parse date: want a day that exists, as YYYY-MM-DD"},
		{"twice", "authority: x\nauthority: y\n", "x/a.yaml:2:1: key \"authority\" is said twice"},
		{"not a list", "rules: many\n", "x/a.yaml:1:8: want a list"},
		{"alias", "fields: &f [name]\n", "x/a.yaml:1:9: aliases are not allowed"},
		{"two documents", "authority: x\n---\nauthority: y\n", "x/a.yaml: a second document in one file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Load(fstest.MapFS{"x/a.yaml": {Data: []byte(c.content)}})
			if err == nil || !slices.Contains(strings.Split(strings.TrimPrefix(err.Error(), "load policy: "), "\n"), c.want) {
				t.Errorf("%v\nwant %s", err, c.want)
			}
		})
	}
}

// packWith is the shipped pack with one passage of its rules replaced.
func packWith(t *testing.T, old, new string) fstest.MapFS {
	t.Helper()
	copied := fstest.MapFS{}
	found := false
	err := fs.WalkDir(Packs(), "arbetsformedlingen", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(Packs(), path)
		found = found || strings.Contains(string(content), old)
		copied[path] = &fstest.MapFile{Data: []byte(strings.Replace(string(content), old, new, 1))}
		return err
	})
	if err != nil || !found {
		t.Fatalf("replace %q: found %v, %v", old, found, err)
	}
	return copied
}

func TestARuleNobodyCouldDefendFailsTheLint(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, old, new, want string }{
		{"no number", "period: 15 months, ", "", "rule AFC-10 lacks its period"},
		{"null number", "period: 15 months, ", "period: null, ", "rule AFC-10 has no period and no reason why the notice gives none"},
		{"empty source", "en: \"Notice on contacts, chat: kept in the database for 29 days\"", "en: \"\"", "rule AFC-21 lacks its legalSource"},
		{"no trigger", "{category: contact.chat, trigger: contact-ended}", "{category: contact.chat}", "rule AFC-21 lacks its trigger"},
		{"no basis", "disposalBasis: \"SFS 2002:546 section 16 second paragraph\"", "disposalBasis: null", "rule AFG-54 lacks its disposalBasis"},
		{"no requirement", "    requirement: AFC-10\n    title", "    title", "rule AFC-10 lacks its requirement"},
		{"no first day", "{validFrom: 2018-05-25, period: 15 months", "{period: 15 months", "rule AFC-10 lacks its validFrom"},
		{"unknown category", "{category: contact.chat, trigger", "{category: contact.chit, trigger", "names \"contact.chit\", which nothing defines"},
		{"unknown rule", "rule: AFC-21", "rule: AFC-22", "channel chat: unknown rule \"AFC-22\""},
		{"unknown field", "anonymous: [phoneNumber]", "anonymous: [faxNumber]", "channel phone names \"faxNumber\", which nothing defines"},
		{"a bot that stores", "storesNothing: true", "storesNothing: true\n    store: {anonymous: [text]}", "channel chatbot stores nothing and yet"},
		{"silent about cases", "rules: [AFC-13, AFG-53, AFG-42]", "rules: null", "caseRetention names neither rules nor the reason"},
		{"field nobody holds", "fields: [name, nationalId, registrationDates, fund]", "fields: [name, debts]", "recipient SE-KFM names \"debts\""},
		{"another name", "authority: arbetsformedlingen", "authority: arbetsmarknadsverket", "calls itself \"arbetsmarknadsverket\""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Load(packWith(t, c.old, c.new))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v\nwant ... %s", err, c.want)
			}
		})
	}
}

func TestAKeyInTwoFilesOrAStrayFileIsRefused(t *testing.T) {
	t.Parallel()
	twice := packWith(t, "country: SE", "country: SE")
	twice["arbetsformedlingen/z.yaml"] = &fstest.MapFile{Data: []byte("country: FI\n")}
	if _, err := Load(twice); err == nil || !strings.Contains(err.Error(), "z.yaml:1:1: key \"country\" is said already at arbetsformedlingen/authority.yaml:") {
		t.Error(err)
	}
	stray := packWith(t, "country: SE", "country: SE")
	stray["arbetsformedlingen/rules.yml"] = &fstest.MapFile{Data: []byte("country: FI\n")}
	if _, err := Load(stray); err == nil || !strings.Contains(err.Error(), "rules.yml: a pack holds .yaml files") {
		t.Error(err)
	}
}
