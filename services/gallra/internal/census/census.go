package census

import "slices"

// Kind says whether something is about anybody.
type Kind string

const (
	No           Kind = "no"
	Encrypted    Kind = "encrypted"    // under a key that goes with it
	Pseudonymous Kind = "pseudonymous" // a random id, or a MAC under a key; or what is known of whoever has that id
	Clear        Kind = "clear"        // never of a person: logins and keys of the system's own
)

// Census is everything that is declared.
type Census struct {
	Databases []Database
	Streams   []Store
	Files     []Store
	Elsewhere []Store
	Periods   map[string]Period
}

// Database is one kind of database; several have the same tables where Names has several.
type Database struct {
	File    string // that declares it
	Names   []string
	Service string
	Holds   string
	Tables  []Table
}

// Table is one table, or with * in its name every table of that kind.
type Table struct {
	Name    string
	Holds   string
	Goes    []string // categories (with *) and rules of the packs, or names of periods
	Eraser  string   // path#function, or `cascade TABLE`; "" where nothing takes it away
	Key     string   // what Encrypted columns are under
	Gap     string   // what is not as it should be
	Remains []string // columns that may hold ids of what is gone for good
	Columns []Column
}

// Column is one column.
type Column struct {
	Name     string
	Personal Kind
	Holds    string
}

// Store is a stream, a kind of file, or something in memory.
type Store struct {
	Name     string // of a stream; a pattern of paths under the data directory, ** for any below
	Holds    string
	Personal Kind
	Goes     []string
	Eraser   string
	Key      string
	Gap      string
}

// Period is how long something stays that no rule is about.
type Period struct {
	Clock  string // business, machine, event, hand, never
	Is     string
	Source string // file that states it
	Says   string // what stands there
}

// Clocks that a period may be counted in.
var Clocks = []string{"business", "machine", "event", "hand", "never"}

// Database finds the declaration of a database by its name.
func (c *Census) Database(name string) (Database, bool) {
	i := slices.IndexFunc(c.Databases, func(d Database) bool { return slices.Contains(d.Names, name) })
	if i < 0 {
		return Database{}, false
	}
	return c.Databases[i], true
}

// Table finds the declaration of a table: by its own name, else by a pattern.
func (d Database) Table(name string) (Table, bool) {
	for _, t := range d.Tables {
		if t.Name == name {
			return t, true
		}
	}
	for _, t := range d.Tables {
		if matches(t.Name, name) {
			return t, true
		}
	}
	return Table{}, false
}

// Column finds the declaration of a column.
func (t Table) Column(name string) (Column, bool) {
	i := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == name })
	if i < 0 {
		return Column{}, false
	}
	return t.Columns[i], true
}

// ByMachine says that nothing but the machine's time takes the rows of the table away: a simulated clock does not.
func (c *Census) ByMachine(t Table) bool {
	return len(t.Goes) > 0 && !slices.ContainsFunc(t.Goes, func(name string) bool { return c.Periods[name].Clock != "machine" })
}

// Ends says that every row of the table goes by a rule, a period of business time, or with what it belongs to: when all of
// that is over, the table is empty.
func (c *Census) Ends(t Table) bool {
	return len(t.Remains) == 0 && len(t.Goes) > 0 && !slices.ContainsFunc(t.Goes, func(name string) bool {
		return slices.Contains([]string{"machine", "hand", "never"}, c.Periods[name].Clock)
	})
}
