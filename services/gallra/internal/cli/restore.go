package cli

import (
	"context"
	"errors"
	"fmt"

	"gallra.se/services/gallra/internal/backup"
)

type restoreCommand struct {
	asJSON
	Data         string `help:"New data directory for gallra up: not there, or empty." placeholder:"DIR"`
	Backups      string `env:"GALLRA_BACKUPS" help:"Folder of all backups: what is not named below is its newest copy." placeholder:"DIR"`
	At           string `help:"Copy of the data in that folder; by default the newest." placeholder:"ID"`
	From         string `help:"Copy of the data." placeholder:"DIR"`
	Keys         string `help:"Newest copy of the key databases." placeholder:"DIR"`
	KeyCopy      string `name:"key-copy" help:"Second medium of the key databases, instead of their copy: newer than any backup." placeholder:"DIR"`
	Keystore     string `help:"Newest copy of the keystores." placeholder:"DIR"`
	Ledger       string `help:"Newest copy of the ledger." placeholder:"DIR"`
	OfStatistics string `name:"statistics" help:"Newest copy of the statistics; without one they begin anew." placeholder:"DIR"`
	placeFlags
}

func (restoreCommand) Help() string {
	return `Brings a backup back into an empty place. The data may be old; keys, keystore and ledger must be the newest copies that there
are: an older key database would open what was destroyed since, and is refused where that can be told. The services that start
on it serve nobody until they have carried out, on the old data, what the ledger says was destroyed since; /readyz and gallra
status say how far they are. What was stored after the backup is lost. Login keys and passwords are made anew: partners
connect again (gallra connect add).

  gallra restore --backups ../backups --data data.new && gallra up --data data.new
  gallra restore --backups ../backups --at 20260215T020000.000000Z --data data.new
  gallra restore --backups ../backups --key-copy ../key-copies --data data.new`
}

func (c restoreCommand) Run(ctx context.Context, t terminal) error {
	if (c.Data != "") == c.placeFlags.given() {
		return errors.New("say where to restore to: --data DIR for gallra up, or the servers of an empty deployment in containers")
	}
	chosen := backup.Chosen{Backups: c.Backups, At: c.At, Data: c.From, Statistics: c.OfStatistics, Keys: c.Keys, Keystore: c.Keystore,
		Ledger: c.Ledger, KeyCopy: c.KeyCopy}
	copies, err := chosen.Open()
	if err != nil {
		return err
	}
	defer copies.Close()
	copies.Say = saying(t.Err)
	if c.Data != "" {
		err = backup.Into(ctx, c.Data, copies)
	} else if copies.Place, err = c.place(); err == nil {
		err = copies.Into(ctx)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(t.Out, map[string]any{"restored": copies.Data.Manifest.ID, "takenAt": copies.Data.Manifest.TakenAt, "data": c.Data})
	}
	_, err = fmt.Fprintf(t.Out, "restored the data of %s; the services replay what was destroyed since when they start\n", copies.Data.Manifest.ID)
	return err
}
