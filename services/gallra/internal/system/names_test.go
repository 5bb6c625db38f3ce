package system

import (
	"slices"
	"testing"

	"gallra.se/services/gallra/internal/assembly"
	"gallra.se/services/gallra/internal/credentials"
)

func TestEveryDatabaseOfAServiceIsOnTheServerThatHoldsItsKind(t *testing.T) {
	t.Parallel()
	known := map[string][]string{}
	for _, server := range credentials.Servers() {
		known[server] = credentials.Databases(server)
	}
	wanted := map[string][]string{credentials.Operations: {clockDatabase}}
	for _, service := range assembly.Names() {
		data, keys := credentials.Operations, credentials.Keys
		if service == "statistics-pseudonymiser" {
			data, keys = credentials.Statistics, credentials.Statistics
		}
		if keeps(service) {
			wanted[data] = append(wanted[data], database(service))
		}
		if assembly.Holds(service) {
			wanted[keys] = append(wanted[keys], keyDatabase(service))
		}
	}
	for server, databases := range wanted {
		slices.Sort(databases)
		slices.Sort(known[server])
		if !slices.Equal(databases, known[server]) {
			t.Errorf("%s: services use %v, credentials list %v", server, databases, known[server])
		}
	}
}
