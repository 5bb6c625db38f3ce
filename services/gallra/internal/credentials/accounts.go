package credentials

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// account is one world at the nats-server.
type account struct {
	name      string
	jetstream bool
	users     []User
	imports   []Import
}

// accountsOf are the system's accounts and one for each partner.
func accountsOf(users []User, partners []Partner) []account {
	all := []account{
		{name: AccountCore, jetstream: true}, {name: AccountStats, jetstream: true},
		{name: AccountOutside, imports: outsideImports}, {name: AccountAnalysts, imports: analystsImports},
		{name: AccountSys},
	}
	for _, p := range partners {
		all = append(all, account{name: p.Account(), imports: p.imports()})
		users = append(slices.Clip(users), p.User())
	}
	for i := range all {
		all[i].users = slices.DeleteFunc(slices.Clone(users), func(u User) bool { return u.Account != all[i].name })
	}
	return all
}

// accountsConf is the part of the server's configuration that says who may log in and do
// what. keys holds each user's public key.
func accountsConf(accounts []account, keys map[string]string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Written by gallra from its list of users and from partners/; written again at each change.\n")
	fmt.Fprintf(&b, "system_account: %s\naccounts {\n", AccountSys)
	for _, a := range accounts {
		fmt.Fprintf(&b, "  %q {\n", a.name)
		if a.jetstream {
			fmt.Fprintf(&b, "    jetstream: enabled\n")
		}
		fmt.Fprintf(&b, "    users: [\n")
		for _, user := range a.users {
			writeUser(&b, user, keys[user.Name])
		}
		fmt.Fprintf(&b, "    ]\n")
		writeExports(&b, a.name, accounts)
		writeImports(&b, a.imports)
		fmt.Fprintf(&b, "  }\n")
	}
	fmt.Fprintf(&b, "}\n")
	return b.String()
}

func writeUser(b *strings.Builder, user User, key string) {
	fmt.Fprintf(b, "      # %s\n      { nkey: %s, permissions: {\n", user.Name, key)
	fmt.Fprintf(b, "        publish: { allow: [%s] }\n", quoted(user.Publish))
	fmt.Fprintf(b, "        subscribe: { allow: [%s] }\n", quoted(user.Subscribe))
	if user.Responds {
		fmt.Fprintf(b, "        allow_responses: { max: 1, expires: \"2m\" }\n")
	}
	fmt.Fprintf(b, "      } }\n")
}

// writeExports offers exactly what others import, to those alone.
func writeExports(b *strings.Builder, of string, accounts []account) {
	type export struct {
		Import
		to []string
	}
	var exports []export
	for _, a := range accounts {
		for _, wanted := range a.imports {
			if wanted.From != of {
				continue
			}
			i := slices.IndexFunc(exports, func(e export) bool { return e.Import == wanted })
			if i < 0 {
				i, exports = len(exports), append(exports, export{Import: wanted})
			}
			exports[i].to = append(exports[i].to, a.name)
		}
	}
	if len(exports) == 0 {
		return
	}
	fmt.Fprintf(b, "    exports: [\n")
	for _, e := range exports {
		kind := "singleton"
		if e.Stream {
			kind = "stream"
		}
		fmt.Fprintf(b, "      { service: %q, response_type: %s, accounts: [%s] }\n", e.Subject, kind, quoted(e.to))
	}
	fmt.Fprintf(b, "    ]\n")
}

func writeImports(b *strings.Builder, imports []Import) {
	if len(imports) == 0 {
		return
	}
	fmt.Fprintf(b, "    imports: [\n")
	for _, i := range imports {
		fmt.Fprintf(b, "      { service: { account: %q, subject: %q }, to: %q }\n", i.From, i.Subject, i.Local())
	}
	fmt.Fprintf(b, "    ]\n")
}

func quoted(subjects []string) string {
	out := make([]string, len(subjects))
	for i, subject := range subjects {
		out[i] = strconv.Quote(subject)
	}
	return strings.Join(out, ", ")
}
