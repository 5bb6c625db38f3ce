package architecture

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// top is the top of the project.
const top = "../../../.."

// pkg is one package as `go list` knows it.
type pkg struct {
	ImportPath string
	Dir        string
	Name       string
	Doc        string
	Module     struct{ Path string }
	GoFiles    []string // without tests

	Imports, TestImports, XTestImports []string
}

// testOnly says that nothing of the package is compiled but by its tests.
func (p pkg) testOnly() bool { return len(p.GoFiles) == 0 }

// workspace is every package of every module in go.work.
var workspace = sync.OnceValues(func() ([]pkg, error) {
	said, err := golist("-json=ImportPath,Dir,Name,Doc,Module,GoFiles,Imports,TestImports,XTestImports", "work")
	if err != nil {
		return nil, err
	}
	var all []pkg
	for d := json.NewDecoder(bytes.NewReader(said)); ; {
		var p pkg
		switch err := d.Decode(&p); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, fmt.Errorf("read go list: %w", err)
		}
		all = append(all, p)
	}
})

func packages(t *testing.T) []pkg {
	t.Helper()
	all, err := workspace()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 50 {
		t.Fatalf("go list knows %d packages only", len(all))
	}
	return all
}

// golist runs in the workspace, whatever GOWORK says outside.
func golist(args ...string) ([]byte, error) {
	root, err := filepath.Abs(top)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command("go", append([]string{"list"}, args...)...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOWORK="+filepath.Join(root, "go.work"))
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	said, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w: %s", err, complaints.String())
	}
	return said, nil
}

// modules are the folders that go.work names, such as services/intake.
func modules(t *testing.T) []string {
	t.Helper()
	var folders []string
	for _, line := range strings.Split(read(t, "go.work"), "\n") {
		if folder, ok := strings.CutPrefix(strings.TrimSpace(line), "./"); ok {
			folders = append(folders, folder)
		}
	}
	if !slices.Contains(folders, "services/gallra") {
		t.Fatalf("go.work names %v", folders)
	}
	return folders
}

// read returns a file of the project.
func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(top, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
