package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"gallra.se/services/gallra/internal/backup"
	"gallra.se/services/gallra/internal/credentials"
	"gallra.se/services/gallra/internal/embedded"
)

// placeFlags say where the databases, keystores and the signing key of a deployment in containers are.
type placeFlags struct {
	Operations string            `env:"GALLRA_OPERATIONS" help:"URL of the operation's database server, without role and password (containers)." placeholder:"URL"`
	KeyServer  string            `name:"key-server" env:"GALLRA_KEYS" help:"The same of the server of the key databases." placeholder:"URL"`
	Statistics string            `name:"statistics-server" env:"GALLRA_STATISTICS" help:"The same of the statistics' server." placeholder:"URL"`
	Passwords  string            `type:"existingdir" env:"GALLRA_PASSWORDS" help:"Directory with a password file for each database." placeholder:"DIR"`
	Keystores  map[string]string `name:"keystore-of" env:"GALLRA_KEYSTORES" help:"Directory of a service's root keys." placeholder:"SERVICE=DIR"`
	LedgerKey  string            `env:"GALLRA_LEDGER_KEY" help:"File of the key that signs checkpoints." placeholder:"FILE"`
}

func (f placeFlags) given() bool { return f.Operations+f.KeyServer+f.Statistics != "" }

func (f placeFlags) place() (backup.Place, error) {
	servers := map[string]string{credentials.Operations: f.Operations, credentials.Keys: f.KeyServer, credentials.Statistics: f.Statistics}
	return backup.Served(servers, credentials.Passwords(f.Passwords), f.Keystores, f.LedgerKey)
}

type backupCommand struct {
	asJSON
	Data string `help:"Data directory of a running gallra up." placeholder:"DIR"`
	To   string `required:"" env:"GALLRA_BACKUPS" help:"Folder of all backups: another disk than the data's." placeholder:"DIR"`
	Only string `help:"Some pieces alone: data, statistics, keys (with the keystore), ledger." placeholder:"PIECE,…"`
	Keep int    `default:"30" help:"Days that copies of the data are kept. The newest stays."`
	placeFlags
}

func (backupCommand) Help() string {
	return `Takes databases, key databases, keystores and the ledger away in pieces, each in a folder of its own, all as of one moment,
while the system runs. Of keys, keystore and statistics only the newest copy is kept: an older one would bring back what was
destroyed since. What was destroyed after a copy of the keystore was made can be recovered with that copy until the next one
replaces it, so take keys again after the night's sweep.

  gallra backup --data data --to ../backups
  gallra backup --data data --to ../backups --only keys
  GALLRA_OPERATIONS='postgres://db/?sslmode=verify-full&sslrootcert=ca.pem' GALLRA_PASSWORDS=databases gallra backup --to /backups --only data,ledger`
}

func (c backupCommand) Run(ctx context.Context, t terminal) error {
	pieces, err := backup.ParsePieces(c.Only)
	if err != nil {
		return err
	}
	if c.Keep < 1 {
		return errors.New("--keep: give a number of days from 1 on")
	}
	place, err := c.from()
	if err != nil {
		return err
	}
	taking := backup.Taking{Place: place, To: c.To, Pieces: pieces, Keep: time.Duration(c.Keep) * 24 * time.Hour, Say: saying(t.Err), Log: slog.New(slog.DiscardHandler)}
	taken, err := taking.Take(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(t.Out, taken)
	}
	for _, dir := range taken.Removed {
		fmt.Fprintf(t.Out, "removed %s\n", dir)
	}
	_, err = fmt.Fprintf(t.Out, "backup %s: %d pieces, %d bytes\n", taken.ID, len(taken.Pieces), taken.Bytes)
	return err
}

func (c backupCommand) from() (backup.Place, error) {
	if (c.Data != "") == c.placeFlags.given() {
		return backup.Place{}, errors.New("say what to back up: --data DIR of a running gallra up, or the servers of a deployment in containers")
	}
	if c.Data == "" {
		return c.place()
	}
	layout, err := embedded.Existing(c.Data)
	if err != nil {
		return backup.Place{}, err
	}
	return backup.Running(layout)
}

func saying(w io.Writer) func(string, ...any) {
	return func(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }
}
