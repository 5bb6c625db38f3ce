package pg

import (
	"errors"
	"net/url"
	"strconv"
)

// URL is the address of database db for role, over the unix socket.
func (s *Server) URL(db, role, password string) string {
	query := url.Values{"host": {s.socket}, "port": {strconv.Itoa(s.port)}, "sslmode": {"disable"}}
	address := url.URL{Scheme: "postgres", User: url.UserPassword(role, password), Path: "/" + db, RawQuery: query.Encode()}
	return address.String()
}

// SuperuserURL is the address for administration; no service is ever given it.
func (s *Server) SuperuserURL(db string) string { return s.URL(db, superuser, s.password) }

// Port is the server's port on 127.0.0.1.
func (s *Server) Port() int { return s.port }

// ErrURL is an address without a role or a host to give a password to.
var ErrURL = errors.New("want postgres://ROLE@HOST/DATABASE")

// WithPassword puts the password that read finds into an address that has a role. No error
// of its own shows either.
func WithPassword(address string, read func() (string, error)) (string, error) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" || parsed.User.Username() == "" {
		return "", ErrURL
	}
	password, err := read()
	if err != nil {
		return "", err
	}
	parsed.User = url.UserPassword(parsed.User.Username(), password)
	return parsed.String(), nil
}
