package architecture

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// skipped are folders that are not the project's own: what make leaves, and git's.
func skipped(path string) bool {
	return slices.Contains([]string{".git", ".cache", "bin", "data", "node_modules"}, path) || strings.HasPrefix(path, "deploy/secrets")
}

// files are the paths of all files of the project, with slashes.
func files(t *testing.T) []string {
	t.Helper()
	var all []string
	err := fs.WalkDir(os.DirFS(top), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && skipped(path) {
			return fs.SkipDir
		}
		if entry.Type().IsRegular() && !strings.HasSuffix(path, ".log") && !strings.HasSuffix(path, ".test") {
			all = append(all, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// texts calls look with every file that is text and ours: neither pictures nor schemas of others.
func texts(t *testing.T, look func(path, text string)) {
	t.Helper()
	for _, path := range files(t) {
		if strings.HasPrefix(path, "events/testdata/") {
			continue // the AsyncAPI project's own schema, as published
		}
		if text := read(t, path); !strings.Contains(text, "\x00") {
			look(path, text)
		}
	}
}

// ownPath is a path that exists on somebody's machine only.
var ownPath = regexp.MustCompile(`(?m)(?:^|[\s"'=(:,` + "`" + `])(/(?:root|home|Users|work|workspace|builds|mnt|media|private)/[\w.-]+)`)

func TestNoFileNamesAPathOfOneMachine(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs(top)
	if err != nil {
		t.Fatal(err)
	}
	texts(t, func(path, text string) {
		for _, found := range ownPath.FindAllStringSubmatch(text, -1) {
			t.Errorf("%s names %s", path, found[1])
		}
		if strings.Count(root, "/") > 1 && strings.Contains(text, root+"/") {
			t.Errorf("%s names the folder that it is checked out in", path)
		}
	})
}

// hosts that may be named. Everything else is a machine of somebody's network.
var hosts = regexp.MustCompile(`^(127\.0\.0\.1|0\.0\.0\.0|localhost|HOST|e|service|nats|db|keydb|console|gateway|scan|backup|postgres(-[a-z]+)?` + // placeholders and compose's names
	`|([\w-]+\.)*(example|test|invalid)|([\w-]+\.)*example\.(com|org|net)` + // RFC 2606
	`|192\.0\.2\.\d+|198\.51\.100\.\d+|203\.0\.113\.\d+` + // RFC 5737
	`|arbetsformedlingen\.se|www\.ely-keskus\.fi|www\.te-palvelut\.fi|stockholm\.se` + // where the notices are published
	`|gallra\.se|json-schema\.org|asyncapi\.com|cloudevents\.io|www\.rfc-editor\.org|httpwg\.org|pkg\.go\.dev|github\.com)$`)

var (
	address   = regexp.MustCompile(`\b(?:https?|nats|tls|wss?|postgres(?:ql)?|amqp|redis)://(?:[^/\s"'@]*@)?([A-Za-z0-9][A-Za-z0-9.-]*)`)
	privateIP = regexp.MustCompile(`\b(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}\b`)
)

func TestNoFileNamesAHostOfSomebodysNetwork(t *testing.T) {
	t.Parallel()
	texts(t, func(path, text string) {
		for _, found := range address.FindAllStringSubmatch(text, -1) {
			if !hosts.MatchString(strings.TrimRight(found[1], ".")) {
				t.Errorf("%s names the host %s", path, found[1])
			}
		}
		if found := privateIP.FindString(text); found != "" && !strings.HasSuffix(path, "go.sum") {
			t.Errorf("%s names the address %s", path, found)
		}
	})
}
