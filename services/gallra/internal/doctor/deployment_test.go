package doctor

import (
	"os"
	"path/filepath"
	"testing"
)

func TestSecretsThatOthersMayReadOrWriteAreFound(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	secret := filepath.Join(dir, "intake.nk")
	if err := os.WriteFile(secret, []byte("seed"), 0o444); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		top, file os.FileMode
		folder    Grade
		files     Grade
	}{
		{0o700, 0o444, Good, Good},
		{0o755, 0o444, Fail, Good},
		{0o700, 0o666, Good, Fail},
	} {
		if err := os.Chmod(dir, c.top); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(secret, c.file); err != nil {
			t.Fatal(err)
		}
		if f := secretsFolder(dir); f.Grade != c.folder || f.Grade == Fail && f.Do == "" {
			t.Errorf("%v: %+v", c, f)
		}
		if f := secretFiles(dir); f.Grade != c.files {
			t.Errorf("%v: %+v", c, f)
		}
	}
	if f := secretsFolder(filepath.Join(dir, "none")); f.Grade != Warn {
		t.Errorf("%+v", f)
	}
}

func TestACertificateThatCannotBeReadIsFound(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if f := certificates(dir); f.Grade != Warn {
		t.Errorf("%+v", f)
	}
	if err := os.MkdirAll(filepath.Join(dir, "tls"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "tls", "nats.pem"), []byte("no certificate"), 0o444); err != nil {
		t.Fatal(err)
	}
	if f := certificates(dir); f.Grade != Fail || f.Do == "" {
		t.Errorf("%+v", f)
	}
}

func TestAClockThatCanBeMovedHasNoPlaceInProduction(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		d    Deployment
		want Grade
	}{
		{Deployment{Production: true}, Good},
		{Deployment{}, Warn},
		{Deployment{Simulated: true}, Warn},
		{Deployment{Production: true, Simulated: true}, Fail},
	} {
		if f := kind(c.d); f.Grade != c.want {
			t.Errorf("%+v: %+v", c.d, f)
		}
	}
}
