package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"gallra.se/libs/policy"
)

// policyCommands is what can be done with policy packs: first what needs no running system, then what asks one.
type policyCommands struct {
	Lint   policyLintCommand   `cmd:"" help:"Look for every fault in packs."`
	Show   policyShowCommand   `cmd:"" help:"Show the rules of the built-in packs."`
	Diff   policyDiffCommand   `cmd:"" help:"Compare packs with the built-in ones."`
	Notice policyNoticeCommand `cmd:"" help:"Write the privacy notice that a pack makes."`

	Plan     policyPlanCommand     `cmd:"" help:"Count what a changed pack would do; nothing changes."`
	Activate policyActivateCommand `cmd:"" help:"Put a changed pack into force whose plan you have seen."`
}

// readPacks reads the packs in a directory: a folder per authority, or the files of one.
func readPacks(dir string) ([]policy.Text, error) {
	whole, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if _, err := os.ReadDir(dir); err != nil {
		return nil, fmt.Errorf("read packs: %w", err)
	}
	return policy.Texts(os.DirFS(dir), filepath.Base(whole))
}

// readPack reads the one pack in a directory. Its faults are told with the paths of the files.
func readPack(dir string) (*policy.Pack, error) {
	texts, err := readPacks(dir)
	if err != nil {
		return nil, err
	}
	if len(texts) != 1 {
		return nil, fmt.Errorf("%s holds the packs of %d authorities: name the folder of one", dir, len(texts))
	}
	return parsePack(dir, texts[0])
}

func parsePack(dir string, t policy.Text) (*policy.Pack, error) {
	pack, err := t.Parse()
	if err != nil {
		return nil, errors.New(strings.Join(faultsIn(dir, t, err), "\n"))
	}
	return pack, nil
}

// faultsIn tells a pack's faults with the paths of its files in place of the authority's name.
func faultsIn(dir string, t policy.Text, err error) []string {
	faults := policy.Faults(err)
	for i, fault := range faults {
		if in, ok := strings.CutPrefix(fault, t.Authority+"/"); ok {
			faults[i] = filepath.Join(dir, t.Folder) + string(filepath.Separator) + in
		}
	}
	return faults
}

// builtIn is the pack that comes with the system.
func builtIn(authority string) (*policy.Pack, error) {
	pack, ok := policy.Default().Pack(authority)
	if !ok {
		return nil, fmt.Errorf("no pack of %q is built in: there are %s", authority, strings.Join(policy.Default().Authorities(), ", "))
	}
	return pack, nil
}
