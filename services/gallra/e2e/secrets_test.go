package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAContainerWithAWrongSecretSaysSoAndEnds(t *testing.T) {
	d := emptied(t, begin)
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil { // a container reads as somebody else
		t.Fatal(err)
	}
	wrong := filepath.Join(dir, "wrong")
	if err := os.WriteFile(wrong, []byte("not-it\n"), 0o444); err != nil {
		t.Fatal(err)
	}
	for setting, says := range map[string]string{
		"GALLRA_DATABASE_PASSWORD_FILE=/wrong":     "PostgreSQL refuses the role's login: its password file is not the one that the role was made with",
		"GALLRA_KEY_DATABASE_PASSWORD_FILE=/wrong": "PostgreSQL refuses the role's login: its password file is not the one that the role was made with",
		"GALLRA_PRODUCTION=1":                      "a clock that can be moved has no place there",
	} {
		_, err := composed(t.Context(), "run", "--rm", "--no-deps", "--no-TTY", "--volume", wrong+":/wrong:ro", "--env", setting, "intake")
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", setting, err)
		}
		if err != nil && strings.Contains(err.Error(), "not-it") {
			t.Errorf("%s: the password is repeated", setting)
		}
	}
	d.reconciles()
}
