package system

import (
	"strings"

	"gallra.se/services/gallra/internal/assembly"
)

// clockDatabase holds the simulated time of a simulated system.
const clockDatabase = "clock"

// database is the name of a service's database; with keys, that of its key database.
func database(service string) string {
	if service == "statistics-pseudonymiser" {
		return "statistics"
	}
	return strings.ReplaceAll(service, "-", "_")
}

func keyDatabase(service string) string { return database(service) + "_keys" }

// keeps says whether a service has a database; the console has nothing but sessions.
func keeps(service string) bool { return service != "console" }

// login is a user's way to the nats-server from this process.
func (s *system) login(user string) assembly.Nats {
	return assembly.Nats{URL: s.nats.URL(), SeedFile: s.layout.Seed(user), User: user, Server: s.nats.InProcess()}
}

// statsUser is the pseudonymiser's login at the analysts' account.
const statsUser = "statistics-publisher"

func statsLogin(service string, login func(string) assembly.Nats) assembly.Nats {
	if service != "statistics-pseudonymiser" {
		return assembly.Nats{}
	}
	return login(statsUser)
}
