package architecture

import (
	"slices"
	"strings"
	"testing"
)

// D13. Whoever may be picked from a list may be anybody: in containers there is no such list.
func TestMadeUpPersonasAreInNoDeployment(t *testing.T) {
	t.Parallel()
	const picker = composition + "/internal/devlogin"
	var users []string
	for _, p := range packages(t) {
		if slices.Contains(p.Imports, picker) {
			users = append(users, p.ImportPath)
		}
	}
	if want := []string{composition + "/internal/system"}; !slices.Equal(users, want) {
		t.Errorf("%v have the made-up personas, want %v", users, want)
	}
	for _, path := range files(t) {
		if (strings.HasPrefix(path, "deploy/") || path == "docker-compose.yml") && strings.Contains(read(t, path), "dev-login") {
			t.Errorf("%s names them", path)
		}
	}
}
