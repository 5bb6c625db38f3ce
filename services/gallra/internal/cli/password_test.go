package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAPasswordComesFromItsFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("p@ss/word\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := withPassword("postgres://intake@db/intake?sslmode=verify-full", file)
	if want := "postgres://intake:p%40ss%2Fword@db/intake?sslmode=verify-full"; err != nil || got != want {
		t.Errorf("%s %v", got, err)
	}
	if got, err := withPassword("postgres://intake@db/intake", ""); err != nil || got != "postgres://intake@db/intake" {
		t.Errorf("%s %v", got, err)
	}
}

func TestAPasswordFileThatIsNotThereIsSaidWithWhatToDo(t *testing.T) {
	t.Parallel()
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range [][3]string{
		{"postgres://intake@db/intake", "/nowhere/password", "gallra deploy secrets"},
		{"postgres://intake@db/intake", empty, "is empty"},
		{"postgres://db/intake", empty, "postgres://ROLE@HOST/DATABASE"},
		{"://", empty, "postgres://ROLE@HOST/DATABASE"},
	} {
		if _, err := withPassword(c[0], c[1]); err == nil || !strings.Contains(err.Error(), c[2]) {
			t.Errorf("%v: %v", c, err)
		}
	}
}
