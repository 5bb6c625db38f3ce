// Package cli is what people type: one file per subcommand, each with an example in its
// --help and --json where it prints data. A command parses, calls one package that does
// the work, and prints; nothing is decided here.
//
// Exit status: 0 when all went well, 1 when something failed, 2 for a wrong command
// line, 3 when an import left refused lines behind, 4 when evidence could not be looked at.
package cli
