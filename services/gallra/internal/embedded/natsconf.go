package embedded

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// MaxPayload leaves room above the largest body that a service takes, so that a line
// that is too long gets an answer and not a closed connection.
const MaxPayload = 2 << 20

// NatsConf is the text of the server's configuration: the embedded server and the one
// of docker compose read the same. keys holds each user's public key.
func NatsConf(listen, storeDir string, users []User, keys map[string]string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Written by gallra from its list of users; written again at each start.\n")
	fmt.Fprintf(&b, "server_name: gallra\nlisten: %q\nmax_payload: %d\n", listen, MaxPayload)
	fmt.Fprintf(&b, "# Every batch is on disk before it is acknowledged.\n")
	fmt.Fprintf(&b, "jetstream {\n  store_dir: %q\n  sync_interval: always\n}\n", storeDir)
	fmt.Fprintf(&b, "system_account: %s\naccounts {\n", AccountSys)
	for _, account := range []string{AccountCore, AccountStats, AccountSys} {
		fmt.Fprintf(&b, "  %s {\n", account)
		if account != AccountSys {
			fmt.Fprintf(&b, "    jetstream: enabled\n")
		}
		fmt.Fprintf(&b, "    users: [\n")
		for _, user := range users {
			if user.Account == account {
				writeUser(&b, user, keys[user.Name])
			}
		}
		fmt.Fprintf(&b, "    ]\n  }\n")
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

func quoted(subjects []string) string {
	out := make([]string, len(subjects))
	for i, subject := range subjects {
		out[i] = strconv.Quote(subject)
	}
	return strings.Join(out, ", ")
}

// WriteNatsConf makes missing seeds and writes DIR/nats/nats.conf.
func (l Layout) WriteNatsConf(listen string) (path string, err error) {
	users := Users()
	keys, err := l.publicKeys(users)
	if err != nil {
		return "", err
	}
	text := NatsConf(listen, l.Nats(), users, keys)
	if err := os.WriteFile(l.natsConf(), []byte(text), 0o600); err != nil {
		return "", fmt.Errorf("write NATS configuration: %w", err)
	}
	return l.natsConf(), nil
}
