package system

import "gallra.se/services/gallra/internal/client"

// place is what the CLI finds by this system's URL.
func (s *system) place() client.Found {
	return client.Found{URL: s.url(), DataDir: s.layout.Dir, TokenKey: s.layout.TokenKey(),
		Nats: client.FoundNats{URL: s.nats.URL(), Outside: s.layout.Seed("outside"), Analyst: s.layout.Seed("analyst")}}
}

// leavePlace lets the CLI find the system for as long as it is up.
func (s *system) leavePlace() error {
	remove, err := s.place().Leave()
	if err != nil {
		return err
	}
	s.later(remove)
	return nil
}
