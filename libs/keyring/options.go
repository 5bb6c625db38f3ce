package keyring

// Option is a choice at Open.
type Option func(*Ring)

// CopyTo keeps a copy of the key database in a directory on a second medium, which
// is made if there is none and belongs to this key database alone. Every rotation
// brings it up to date and tries it before the old root key is destroyed, and Tend
// adds what was made since every ten minutes; units made after that are lost with
// the key database. RestoreCopy makes a key database of it.
func CopyTo(dir string) Option { return func(r *Ring) { r.copies = dir } }
