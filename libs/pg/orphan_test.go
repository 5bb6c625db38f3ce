package pg_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	osexec "os/exec"
	"testing"

	"gallra.se/libs/pg"
)

const orphanDir = "GALLRA_TEST_ORPHAN_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(orphanDir); dir != "" {
		launchAndWait(dir)
	}
	os.Exit(m.Run())
}

// launchAndWait is the process that TestTheServerOfAKilledProcess kills.
func launchAndWait(dir string) {
	server, err := pg.Launch(context.Background(), pg.LaunchConfig{Dir: dir})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("ready")
	<-server.Exited()
}

func TestTheServerOfAKilledProcessEndsAndTheNextOneTakesOver(t *testing.T) {
	t.Parallel()
	dir := shared(t)
	child := osexec.Command(os.Args[0])
	child.Env = append(os.Environ(), orphanDir+"="+dir)
	said, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	line, err := bufio.NewReader(said).ReadString('\n')
	if err != nil || line != "ready\n" {
		t.Fatalf("child said %q: %v", line, err)
	}
	must(t, child.Process.Kill())
	child.Wait()
	exec(t, launch(t, dir, nil).SuperuserURL("postgres"), `SELECT 1`)
}
