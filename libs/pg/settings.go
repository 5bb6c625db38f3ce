package pg

import (
	"maps"
	"slices"
	"strconv"
)

// settings are the server's parameters as command-line arguments. What is
// logged is that the server starts, stops and fails: never a statement, a
// parameter, a detail or an error's text, all of which may quote a row.
func settings(s *Server, own map[string]string) []string {
	all := map[string]string{
		"port":                              strconv.Itoa(s.port),
		"listen_addresses":                  "127.0.0.1",
		"unix_socket_directories":           s.socket,
		"fsync":                             "on",
		"synchronous_commit":                "on",
		"max_connections":                   "200",
		"shared_buffers":                    "128MB",
		"jit":                               "off",
		"timezone":                          "UTC",
		"log_timezone":                      "UTC",
		"lc_messages":                       "C", // readiness is read from the log
		"log_destination":                   "stderr",
		"logging_collector":                 "off",
		"log_statement":                     "none",
		"log_min_duration_statement":        "-1",
		"log_min_messages":                  "log", // ranks above error: no error text
		"log_min_error_statement":           "panic",
		"log_parameter_max_length":          "0",
		"log_parameter_max_length_on_error": "0",
		"log_error_verbosity":               "terse",
		"log_checkpoints":                   "off",
		"log_autovacuum_min_duration":       "-1",
		"log_lock_waits":                    "off",
	}
	maps.Copy(all, own)
	var args []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		args = append(args, "-c", name+"="+all[name])
	}
	return args
}
