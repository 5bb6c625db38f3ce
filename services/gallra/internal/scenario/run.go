package scenario

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"gallra.se/services/gallra/internal/client"
)

// Report hears of every step of a file.
type Report interface {
	Step(file *File, number int, step Step, failure error)
}

// run is one file on its way.
type run struct {
	file    *File
	bench   Bench
	things  map[string]thing         // by ref
	before  map[string]int64         // counters when the scenario began
	rows    map[string]string        // case ref → row of the statistics store
	answers map[string]client.Answer // by ref, to compare later ones with
	number  int

	holds    map[held]string   // what is held and why → hold
	parts    map[string]string // commitment on a receipt → the part, as note/anna, that it was taken for
	versions map[string]string // ref of a policy.change → policy version
	backups  map[string]string // ref of a backup.take → id of the copy

	calls        map[string]*onTape // recorded, by the telephony system's name
	complaints   map[string]string  // ref of what it is about → complaint
	participants map[taking]string  // path of the record
}

// thing is what a step made, and where it is to be found.
type thing struct {
	Path       string // of the resource; readable there
	Record     string // id in retention-timer and ledger
	CaseNumber string
	Persons    int // whom it is about, each with a part of it; 0 counts as one
	Authority  string
}

// ErrFailed says that a file ran and something was not as it must be.
var ErrFailed = errors.New("a step failed")

// Run runs a file to its end, or to its first step that fails.
func Run(ctx context.Context, file *File, bench Bench, report Report) error {
	r := &run{file: file, bench: bench, things: map[string]thing{}, rows: map[string]string{}, answers: map[string]client.Answer{}, holds: map[held]string{}, versions: map[string]string{}, backups: map[string]string{}, parts: map[string]string{}}
	for i, step := range file.Steps {
		r.number = i + 1
		err := r.step(ctx, step)
		if errors.Is(err, ErrCannot) {
			return err
		}
		report.Step(file, r.number, step, err)
		if err != nil {
			return fmt.Errorf("%w: %s line %d", ErrFailed, file.Path, step.Line)
		}
	}
	return nil
}

func (r *run) step(ctx context.Context, step Step) error {
	if err := r.reach(ctx, step.At); err != nil {
		return err
	}
	if r.before == nil {
		if err := r.begin(ctx); err != nil {
			return err
		}
	}
	if step.Do != "" {
		return r.act(ctx, step)
	}
	var failed []error
	for _, claim := range step.Claims {
		if err := r.check(ctx, step, claim); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", claim.Key, err))
		}
	}
	return errors.Join(failed...)
}

func (r *run) reach(ctx context.Context, at time.Time) error {
	if _, err := r.bench.Operator().Advance(ctx, at); err != nil {
		return fmt.Errorf("advance the clock: %w", err)
	}
	return nil
}

// begin remembers the counters, of which checks see only the change.
func (r *run) begin(ctx context.Context) error {
	counters, err := r.counters(ctx)
	r.before = counters
	return err
}

// officer is who does and reads what the file gives to nobody else.
var officer = Actor{Roles: []string{"case-officer"}}

// recordsManager is who places holds, orders erasures and changes policies where the file names nobody.
var recordsManager = Actor{Roles: []string{"records-manager"}}

// channels is who hands contacts in where the file names nobody.
var channels = Actor{Roles: []string{"channel"}}

// outsideSystem is a system of somebody who works for the authority: it hands in, under its own name.
var outsideSystem = Actor{Roles: []string{"channel", "processor"}}

// caller is the client of who does a step.
func (r *run) caller(step Step) (*client.Client, error) {
	name := step.By
	actor, staff := r.file.Actors[name]
	switch {
	case staff:
	case name == "" && (strings.HasPrefix(step.Do, "contact.") || strings.HasPrefix(step.Do, "chatbot.") || strings.HasPrefix(step.Do, "recording.")):
		name, actor = "channel", channels
	case name == "" && (strings.HasPrefix(step.Do, "hold.") || step.Do == "policy.change" || step.Do == "processor.activate" || step.Do == "record.erase"):
		name, actor = "records-manager", recordsManager
	case name == "" && strings.HasPrefix(step.Do, "protection."):
		name, actor = "protected-officer", protector
	case name == "":
		name, actor = "officer", officer
	case strings.HasPrefix(name, "system:"):
		name, actor = strings.TrimPrefix(name, "system:"), outsideSystem
	case name == "anonymous", strings.HasPrefix(name, "subject:"):
		name, actor = "channel", channels
	default:
		return nil, fmt.Errorf("nobody is called %q in this file", name)
	}
	return r.bench.As(step.Authority, name, actor.Roles, actor.Appointed)
}

// supervisor may read every kind of record, for that purpose.
var supervisor = Actor{Roles: []string{"dpo"}}

const supervision = "supervision"

// reader is an entitled reader at a thing's authority.
func (r *run) reader(authority string) (*client.Client, error) {
	reader, err := r.bench.As(authority, "reader", supervisor.Roles, false)
	if err != nil {
		return nil, err
	}
	return reader.For(supervision), nil
}

// appointed may read what is about protected persons too.
var appointed = Actor{Roles: []string{"dpo", "protected-officer"}, Appointed: true}

// appointedReader is who is entitled to read what does not exist for others.
func (r *run) appointedReader(authority string) (*client.Client, error) {
	reader, err := r.bench.As(authority, "appointed-reader", appointed.Roles, true)
	if err != nil {
		return nil, err
	}
	return reader.For(supervision), nil
}

// protector is who marks and plans protection where the file names nobody.
var protector = Actor{Roles: []string{"protected-officer"}, Appointed: true}

func (r *run) named(ref string) (thing, error) {
	if t, ok := r.things[ref]; ok {
		return t, nil
	}
	if whole, part, cut := strings.Cut(ref, "/"); cut {
		return r.share(whole, part)
	}
	return thing{}, fmt.Errorf("%q names nothing that this runner can look at", ref)
}

// id is what the thing's path ends with.
func (t thing) id() string { return path.Base(t.Path) }
