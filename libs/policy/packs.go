package policy

import (
	"embed"
	"io/fs"
	"sync"
	_ "time/tzdata" // the zones must be found on a machine without them
)

//go:embed packs
var embedded embed.FS

// Packs is the folder of the packs that come with the system, for Load.
func Packs() fs.FS {
	sub, err := fs.Sub(embedded, "packs")
	if err != nil {
		panic("policy: the embedded packs are missing: " + err.Error())
	}
	return sub
}

// Default is the set of the packs that come with the system. It panics when they do not load: their own test forbids it.
var Default = sync.OnceValue(func() *Set {
	set, err := Load(Packs())
	if err != nil {
		panic(err)
	}
	return set
})
