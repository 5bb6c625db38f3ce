package census

import (
	"path"
	"strings"
)

// matches is path.Match with ** at the end for everything below.
func matches(pattern, name string) bool {
	if above, below := strings.CutSuffix(pattern, "/**"); below {
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			if ok, err := path.Match(above, dir); ok && err == nil {
				return true
			}
		}
		return false
	}
	ok, err := path.Match(pattern, name)
	return ok && err == nil
}

// File finds the declaration of a file by its path under the data directory, with slashes.
func (c *Census) File(name string) (Store, bool) {
	for _, f := range c.Files {
		if matches(f.Name, name) {
			return f, true
		}
	}
	return Store{}, false
}
