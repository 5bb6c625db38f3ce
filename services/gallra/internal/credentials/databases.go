package credentials

// The PostgreSQL servers of a deployment. `gallra up` has one that is all three.
const (
	Operations = "operations"
	Keys       = "keys"
	Statistics = "statistics"
)

// Servers are all of them.
func Servers() []string { return []string{Operations, Keys, Statistics} }

// Databases are those of a server. Each belongs to the role of its name, which may enter
// no other.
func Databases(server string) []string {
	switch server {
	case Operations:
		return []string{"clock", "ledger", "retention_timer", "case_linker", "intake", "disclosure"}
	case Keys:
		return []string{"case_linker_keys", "intake_keys"}
	case Statistics:
		return []string{"statistics", "statistics_keys"}
	}
	return nil
}

// Superuser names the password of a server's superuser among the Passwords.
func Superuser(server string) string { return "superuser-" + server }
