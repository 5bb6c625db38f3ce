package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// commands is the whole command line.
type commands struct {
	Up     upCommand     `cmd:"" help:"Run everything on this machine."`
	Demo   demoCommand   `cmd:"" help:"Run a small journal through fifteen years and print the promise board."`
	Import importCommand `cmd:"" help:"Feed a journal to a running system."`

	Scenario struct {
		Run scenarioRunCommand `cmd:"" help:"Run scenario files."`
	} `cmd:"" help:"Privacy notices as executable given/when/then."`
	Clock struct {
		Now     clockNowCommand     `cmd:"" help:"Print the simulated time."`
		Advance clockAdvanceCommand `cmd:"" help:"Move the simulated time forward."`
	} `cmd:"" help:"The clock of a simulated system."`
	Stats struct {
		Tail statsTailCommand `cmd:"" help:"Follow the analysts' stream with read-only credentials."`
	} `cmd:"" help:"What analysts get."`

	Retention retentionCommand `cmd:"" help:"Show until when a record is kept, and why."`
	Holds     holdsCommands    `cmd:"" help:"What pauses destruction."`
	Erase     eraseCommand     `cmd:"" help:"Order an erasure before a period has ended, or list the orders."`
	Reviews   reviewsCommands  `cmd:"" help:"Lists that are approved before they go."`

	Keys struct {
		Status keysStatusCommand `cmd:"" help:"Show how each service's keyring stands."`
		Rotate keysRotateCommand `cmd:"" help:"Replace keys now."`
	} `cmd:"" help:"The keys that make data unreadable when they go."`

	Policy policyCommands `cmd:"" help:"Privacy notices as data: what each authority promised, and what a change would do."`

	Connect struct {
		Add    connectAddCommand    `cmd:"" help:"Let another system hand in and read what is named here."`
		List   connectListCommand   `cmd:"" help:"Show who is connected and to what."`
		Revoke connectRevokeCommand `cmd:"" help:"Take everything from a partner."`
	} `cmd:"" help:"Other systems as partners."`
	Credentials struct {
		Check credentialsCheckCommand `cmd:"" help:"Try every key at every door of a running system."`
	} `cmd:"" help:"What parts of the system are let in by."`
	Deploy struct {
		Secrets deploySecretsCommand `cmd:"" help:"Make the passwords, keys and certificates of a deployment in containers."`
		Await   deployAwaitCommand   `cmd:"" help:"Wait until a deployment in containers is ready."`
	} `cmd:"" help:"Containers, from the machine that they run on."`

	Status   statusCommand   `cmd:"" help:"Where the clock stands and how far every service is."`
	Health   healthCommand   `cmd:"" help:"Exit 0 when every service is ready."`
	Receipts receiptsCommand `cmd:"" help:"Download receipts, one file each."`
	Verify   verifyCommand   `cmd:"" help:"Check receipts, with no system running; checkpoints; or the whole log."`
	Witness  struct {
		Key witnessKeyCommand `cmd:"" help:"Make the key of a second party that signs the ledger's checkpoints."`
	} `cmd:"" help:"Another party's signature under the log."`
	Reconcile reconcileCommand `cmd:"" help:"Prove that nothing was lost between the services."`
	Backup    backupCommand    `cmd:"" help:"Take everything away in pieces, while the system runs."`
	Restore   restoreCommand   `cmd:"" help:"Bring a backup back into an empty place."`
	Doctor    doctorCommand    `cmd:"" help:"Look for what would keep a system from running."`
	Token     tokenCommand     `cmd:"" help:"Sign a bearer token."`

	Provision               provisionCommand `cmd:"" group:"services" help:"Make what services find when they start: roles, databases, streams."`
	Intake                  serviceCommand   `cmd:"" group:"services" help:"Run intake alone."`
	CaseLinker              serviceCommand   `cmd:"" group:"services" help:"Run case-linker alone."`
	RetentionTimer          serviceCommand   `cmd:"" group:"services" help:"Run retention-timer alone."`
	Disclosure              serviceCommand   `cmd:"" group:"services" help:"Run disclosure alone."`
	StatisticsPseudonymiser serviceCommand   `cmd:"" group:"services" help:"Run statistics-pseudonymiser alone."`
	Ledger                  serviceCommand   `cmd:"" group:"services" help:"Run ledger alone."`
	Console                 serviceCommand   `cmd:"" group:"services" help:"Run console alone."`

	Control      controlCommand      `cmd:"" group:"services" help:"Run the operator's side of a deployment in containers."`
	ScanServer   scanServerCommand   `cmd:"" group:"services" help:"Search the volumes of a simulated deployment."`
	BackupServer backupServerCommand `cmd:"" group:"services" help:"Back up and restore a simulated deployment."`
}

// terminal is where a command prints: results to Out, progress and complaints to Err.
type terminal struct{ Out, Err io.Writer }

// errRefusedLines is an import that went through and left refused lines behind.
var errRefusedLines = errors.New("some lines were refused")

// Main runs a command line and returns the exit status.
func Main(args []string, out, errs io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	var all commands
	exit := -1
	parser, err := kong.New(&all, kong.Name("gallra"), kong.Description(about), kong.Writers(out, errs),
		kong.Exit(func(code int) { exit = code }), kong.UsageOnError(),
		kong.ExplicitGroups([]kong.Group{{Key: "services", Title: "One service in a process of its own:"}}),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(terminal{out, errs}))
	if err != nil {
		fmt.Fprintln(errs, "gallra:", err)
		return 1
	}
	parsed, err := parser.Parse(args)
	if exit >= 0 {
		return exit // --help has printed and has nothing to run
	}
	if err != nil {
		parser.FatalIfErrorf(err)
		return 2
	}
	return status(parsed.Run(), errs)
}

const about = `Gallra takes in every contact with a public employment service and makes each sentence of its
privacy notice executable, visible and provable. Start with ` + "`gallra up`" + `.`

func status(err error, errs io.Writer) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errRefusedLines):
		return 3
	case errors.Is(err, errNotLooked):
		fmt.Fprintln(errs, "gallra:", err)
		return 4
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(errs, "gallra: stopped")
		return 1
	}
	fmt.Fprintln(errs, "gallra:", err)
	return 1
}

// Run is Main for a program.
func Run() { os.Exit(Main(os.Args[1:], os.Stdout, os.Stderr)) }
