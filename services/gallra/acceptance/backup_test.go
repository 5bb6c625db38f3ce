package acceptance

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gallra.se/libs/bearer"
	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/embedded"
	"gallra.se/services/gallra/internal/launch"
)

// lost is a system that is backed up, goes on, and is lost.
type lost struct {
	life
	system  *launch.System
	backups string
	keyCopy string // second medium of the key databases
	first   string // id of the backup of before
	gone    []string
	living  []string
	after   []string // stored after that backup, and destroyed before the loss
	unsaved []string // stored after that backup
}

var dpo = bearer.Claims{Authority: authority, Name: "reader", Roles: []string{"dpo", "case-officer"}, Undertaking: true, Trained: true}

func (l *lost) contact(local, channel string) string {
	line := map[string]any{"kind": "contact", "channel": channel, "identified": false, "endedAt": l.at(local).Format(time.RFC3339),
		"fields": map[string]any{"phoneNumber": "070-1740605"}}
	if channel == "phone" {
		line["line"] = "national"
	} else {
		line["fields"] = map[string]any{"text": "prov"}
	}
	return "/v1/contacts/" + l.hands(local, "/v1/contacts", line)
}

func (l *lost) registered(local, number, caseNumber string) (person, file string) {
	person = "/v1/persons/" + l.hands(local, "/v1/persons", map[string]any{"kind": "person.registered", "person": map[string]any{"nationalId": number, "name": "Frida Kanarie"}})
	file = "/v1/cases/" + l.hands(local, "/v1/cases", map[string]any{"kind": "case.opened", "case": caseNumber, "type": "job-seeking", "persons": []string{number}})
	return person, file
}

func (l *lost) backup(args ...string) string {
	l.t.Helper()
	status, out, errs := gallra(l.t, append([]string{"backup", "--json", "--data", l.system.Dir, "--to", l.backups}, args...)...)
	var said struct{ ID string }
	if status != 0 || json.Unmarshal([]byte(out), &said) != nil {
		l.t.Fatalf("backup: %d %s %s", status, out, errs)
	}
	return said.ID
}

// read is what a reader hears of each path.
func (l life) read(paths []string, want int) {
	l.t.Helper()
	for _, path := range paths {
		if got := l.status(path); got != want {
			l.t.Errorf("%s answers %d, expected %d", path, got, want)
		}
	}
}

func loses(t *testing.T) *lost {
	t.Helper()
	l := &lost{backups: t.TempDir(), keyCopy: t.TempDir()}
	system, api := up(t, dataDir(t), "--clock=simulated=2021-10-04", "--key-copy="+l.keyCopy)
	l.life, l.system = life{t, api}, system
	person, file := l.registered("2021-10-04 09:00", frida, "AF-GOES")
	stays, open := l.registered("2021-10-05 09:00", "199505092396", "AF-STAYS")
	l.hands("2022-05-16 12:00", "/v1/persons", map[string]any{"kind": "person.deregistered", "nationalId": frida, "effective": "2022-05-16", "reason": "employment"})
	l.hands("2022-05-16 12:05", "/v1/cases", map[string]any{"kind": "case.closed", "case": "AF-GOES", "effective": "2022-05-16", "reason": "employment"})
	call := l.contact("2023-04-20 10:00", "phone")
	young := l.contact("2024-06-01 10:00", "phone")
	l.gone, l.living = []string{person, file, call}, []string{stays, open, young}
	l.at("2024-07-10 03:00")
	l.first = l.backup()
	l.after = []string{l.contact("2024-07-12 10:00", "chat")}
	l.unsaved = []string{l.contact("2024-07-13 10:00", "phone")}
	l.at("2024-08-20 00:00")
	l.officers(system).read(append(l.gone, l.after...), http.StatusGone)
	return l
}

// officers reads as somebody who may.
func (l *lost) officers(system *launch.System) life {
	l.t.Helper()
	reader, err := system.Place().As(dpo, time.Hour)
	if err != nil {
		l.t.Fatal(err)
	}
	return life{l.t, reader.For("supervision")}
}

// restore brings the first backup back and returns the new data directory.
func (l *lost) restore(args ...string) string {
	l.t.Helper()
	dir := dataDir(l.t)
	status, out, errs := gallra(l.t, append([]string{"restore", "--backups", l.backups, "--at", l.first, "--data", dir}, args...)...)
	if status != 0 || !strings.Contains(out, l.first) {
		l.t.Fatalf("restore: %d %s %s", status, out, errs)
	}
	return dir
}

// watch reads what is gone, from the moment at which anybody answers until stopped, and reports whoever is served it.
func (l *lost) watch(dir, address string) (stop func()) {
	if _, err := (embedded.Layout{Dir: dir}).Credentials().EnsureTokenKey(); err != nil {
		l.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(l.t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		found := client.Found{URL: "http://" + address, TokenKey: embedded.Layout{Dir: dir}.TokenKey()}
		for ctx.Err() == nil {
			reader, err := found.As(dpo, time.Hour)
			if err != nil {
				l.t.Error(err)
				return
			}
			for _, path := range l.gone {
				asking, enough := context.WithTimeout(ctx, 300*time.Millisecond)
				answer, err := reader.For("supervision").Do(asking, client.Call{Authority: authority, Method: http.MethodGet, Path: path})
				enough()
				if err == nil && answer.OK() {
					l.t.Errorf("%s is read in the restored system", path)
					return
				}
			}
		}
	})
	return func() { cancel(); wg.Wait() }
}

// free is an address that nobody listens on.
func free(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// TestWhatWasDestroyedSinceABackupStaysDestroyed loses a system, databases and all, right after a rotation. The key databases
// come from their second medium, which is newer than any backup; that copies of them do too is scenario SC-28.
func TestWhatWasDestroyedSinceABackupStaysDestroyed(t *testing.T) {
	t.Parallel()
	l := loses(t)
	kept := t.TempDir()
	old := map[string]string{"keys": filepath.Join(kept, "keys"), "keystore": filepath.Join(kept, "keystore")}
	for piece, dir := range old { // as somebody would who copies the folder of backups
		if err := os.CopyFS(dir, os.DirFS(filepath.Join(l.backups, piece, l.first))); err != nil {
			t.Fatal(err)
		}
		if err := closed(dir); err != nil {
			t.Fatal(err)
		}
	}
	l.backup("--only", "keys,ledger")
	for piece := range old {
		if _, err := os.Stat(filepath.Join(l.backups, piece, l.first)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("an older copy of the %s is still there: %v", piece, err)
		}
	}
	l.system.Kill()
	t.Run("from the second medium", func(t *testing.T) {
		l := *l
		l.t = t
		dir, address := l.restore("--key-copy", l.keyCopy), free(t)
		stop := l.watch(dir, address)
		system := startRestored(t, dir, address)
		stop()
		l.isBack(system)
	})
	t.Run("older keys are refused", func(t *testing.T) { l.refused(t, "these copies do not belong together", "--keys", old["keys"]) })
	t.Run("older keys with their keystore serve nobody", func(t *testing.T) {
		l := *l
		l.t = t
		l.neverReady(l.restore("--keys", old["keys"], "--keystore", old["keystore"]))
	})
}

// closed takes away what a copy gave to others.
func closed(dir string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			return os.Chmod(path, 0o700)
		}
		return err
	})
}

// neverReady starts a system whose keys open what the ledger says is destroyed, and waits until it says so.
func (l *lost) neverReady(dir string) {
	ctx, cancel := context.WithCancel(l.t.Context())
	defer cancel()
	address, ended := free(l.t), make(chan error, 1)
	go func() {
		system, err := launch.Start(ctx, launch.Options{Dir: dir, HTTP: address})
		if err == nil {
			system.Stop()
		}
		ended <- err
	}()
	for said := ""; !strings.Contains(said, "case-linker (restored") || !strings.Contains(said, "can be read"); {
		select {
		case err := <-ended:
			l.t.Fatalf("it is ready, or has ended: %v", err)
		default:
		}
		if response, err := http.Get("http://" + address + "/readyz"); err == nil {
			body, _ := io.ReadAll(response.Body)
			response.Body.Close()
			said = string(body)
		}
	}
	cancel()
	if err := <-ended; err == nil {
		l.t.Error("it was ready")
	}
}

func (l *lost) refused(t *testing.T, because string, args ...string) {
	t.Helper()
	dir := dataDir(t)
	status, _, errs := gallra(t, append([]string{"restore", "--backups", l.backups, "--at", l.first, "--data", dir}, args...)...)
	if status != 1 || !strings.Contains(errs, because) {
		t.Errorf("%d %s", status, errs)
	}
	for _, left := range []string{dir, dir + ".half"} {
		if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is left: %v", left, err)
		}
	}
}

// isBack: what was destroyed is gone, what lived on the day of the backup reads, and all adds up, also later.
func (l *lost) isBack(system *launch.System) {
	api, err := system.Client()
	if err != nil {
		l.t.Fatal(err)
	}
	goes := life{l.t, api}
	reader := l.officers(system)
	reader.read(l.gone, http.StatusGone)
	reader.read(l.after, http.StatusGone)
	reader.read(l.living, http.StatusOK)
	reader.read(l.unsaved, http.StatusNotFound)
	reconciles(l.t, system)
	again := map[string]any{"kind": "person.registered", "person": map[string]any{"nationalId": frida, "name": "Frida Kanarie"}}
	id := goes.hands("2024-08-21 09:00", "/v1/persons", again)
	if "/v1/persons/"+id == l.gone[0] {
		l.t.Error("a new registration finds the person who was destroyed")
	}
	goes.at("2025-10-01 00:00") // the day of the youngest call has passed
	reader.read(l.living[:2], http.StatusOK)
	reader.read(l.living[2:], http.StatusGone)
	records := map[string]int{}
	if err := api.Receipts(l.t.Context(), -1, 0, "", func(r client.Receipt) error { records[r.Record]++; return nil }); err != nil {
		l.t.Fatal(err)
	}
	for record, n := range records {
		if n != 1 {
			l.t.Errorf("record %s has %d receipts", record, n)
		}
	}
	reconciles(l.t, system)
}
