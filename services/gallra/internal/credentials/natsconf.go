package credentials

import (
	"fmt"
	"os"
	"regexp"
	"strings"
)

// MaxPayload leaves room above the largest body that a service takes, so that a line
// that is too long gets an answer and not a closed connection.
const MaxPayload = 2 << 20

// NatsServer is how the nats-server is set up, apart from who may log in.
type NatsServer struct {
	Listen  string // HOST:PORT
	Store   string // directory of the streams
	TLSCert string // file; without one connections are in the clear
	TLSKey  string
	Monitor string // HOST:PORT of the server's own HTTP
	Log     string // file; standard error without one
}

// inContainer is the server of a deployment: nothing but its TLS port is reached from
// outside of its container.
var inContainer = NatsServer{
	Listen: "0.0.0.0:4222", Store: "/data", TLSCert: "/run/secrets/tls.pem", TLSKey: "/run/secrets/tls.key", Monitor: "127.0.0.1:8222",
}

func (n NatsServer) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Written by gallra; written again at each start.\n")
	fmt.Fprintf(&b, "server_name: gallra\nlisten: %q\nmax_payload: %d\n", n.Listen, MaxPayload)
	if n.Monitor != "" {
		fmt.Fprintf(&b, "http: %q\n", n.Monitor)
	}
	if n.Log != "" {
		fmt.Fprintf(&b, "log_file: %q\n", n.Log)
	}
	if n.TLSCert != "" {
		fmt.Fprintf(&b, "tls {\n  cert_file: %q\n  key_file: %q\n  timeout: 5\n}\n", n.TLSCert, n.TLSKey)
	}
	fmt.Fprintf(&b, "# Every batch is on disk before it is acknowledged.\n")
	fmt.Fprintf(&b, "jetstream {\n  store_dir: %q\n  sync_interval: always\n}\n", n.Store)
	fmt.Fprintf(&b, "# Who may log in, and do what. Read again, with this file, when it has changed.\n")
	fmt.Fprintf(&b, "include \"accounts.conf\"\n")
	return b.String()
}

// WriteNatsConf writes how the server is set up, and who may log in.
func (f Folder) WriteNatsConf(server NatsServer) (path string, err error) {
	release, err := f.Hold()
	if err != nil {
		return "", err
	}
	defer release()
	if _, err := f.WriteAccounts(); err != nil {
		return "", err
	}
	_, err = f.derive(f.NatsConf(), []byte(server.text()))
	return f.NatsConf(), err
}

var listens = regexp.MustCompile(`(?m)^listen: "(.+)"$`)

// Listens is where the written configuration lets the server listen; ok is false where
// none has been written.
func (f Folder) Listens() (address string, ok bool) {
	text, err := os.ReadFile(f.NatsConf())
	if err != nil {
		return "", false
	}
	found := listens.FindSubmatch(text)
	if found == nil {
		return "", false
	}
	return string(found[1]), true
}

// WriteAccounts writes who may log in, making the seeds that are missing. It says which
// files are new or other than before.
func (f Folder) WriteAccounts() (made []string, err error) {
	partners, err := f.Partners()
	if err != nil {
		return nil, err
	}
	accounts := accountsOf(Users(), partners)
	keys := map[string]string{}
	for _, a := range accounts {
		of, fresh, err := f.publicKeys(a.users)
		if err != nil {
			return nil, err
		}
		made = append(made, fresh...)
		for name, key := range of {
			keys[name] = key
		}
	}
	fresh, err := f.derive(f.accounts(), []byte(accountsConf(accounts, keys)))
	if err != nil {
		return nil, err
	}
	readers, err := f.writeReaders()
	return append(append(made, fresh...), readers...), err
}
