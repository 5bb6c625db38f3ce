package console_test

import (
	"os"
	"testing"
	"time"
)

func TestShotServe(t *testing.T) {
	if os.Getenv("SHOT") == "" {
		t.Skip()
	}
	s := telling(t, told)
	os.WriteFile("/tmp/console-look/url", []byte(s.url), 0o644)
	for i := 0; i < 600; i++ {
		if _, err := os.Stat("/tmp/console-look/stop"); err == nil {
			return
		}
		time.Sleep(500 * time.Millisecond)
	}
}
