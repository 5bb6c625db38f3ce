package bao

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Address is where root keys are kept.
type Address struct {
	Server    string   // https://bao.example:8200
	Mount     string   // path of the transit engine: "transit"
	Prefix    string   // that the names of the keys begin with
	Namespace string   // of the server; empty for its root
	Wrapped   []string // directories of the encrypted root keys; the first is read first
}

// Is says whether a keystore's address is a server's. Any other is a directory.
func Is(address string) bool {
	return strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://")
}

var (
	errAddress = errors.New("give https://HOST:PORT/MOUNT?prefix=NAME&wrapped=DIR; DIR holds the encrypted root keys, and may stand more than once")

	namePattern      = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	mountPattern     = regexp.MustCompile(`^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$`)
	namespacePattern = regexp.MustCompile(`^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*/?$`)
)

const (
	defaultPrefix = "gallra"
	longestName   = 64
)

// ParseAddress reads https://HOST:PORT/MOUNT?prefix=NAME&wrapped=DIR&namespace=NAME. The
// prefix is "gallra" where none is given; a name or password in it is refused, and so is
// every parameter that there is not.
func ParseAddress(text string) (a Address, err error) {
	refused := func(why string) (Address, error) {
		return Address{}, fmt.Errorf("keystore address: %s: %w", why, errAddress)
	}
	u, err := url.Parse(text)
	if err != nil || !Is(text) || u.Host == "" || u.Fragment != "" {
		return refused("it is no http address")
	}
	if u.User != nil {
		return refused("a token or password must not stand in it, give a file of the token")
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return refused("its parameters cannot be read")
	}
	for name, values := range query {
		if !slices.Contains([]string{"prefix", "wrapped", "namespace"}, name) {
			return refused("it has a parameter that there is not")
		}
		if len(values) != 1 && name != "wrapped" {
			return refused(name + " stands twice")
		}
	}
	a = Address{Server: u.Scheme + "://" + u.Host, Mount: strings.Trim(u.EscapedPath(), "/"), Prefix: defaultPrefix,
		Namespace: query.Get("namespace"), Wrapped: query["wrapped"]}
	if query.Has("prefix") {
		a.Prefix = query.Get("prefix")
	}
	switch {
	case !mountPattern.MatchString(a.Mount):
		return refused("it names no mount of the transit engine")
	case !namePattern.MatchString(a.Prefix) || len(a.Prefix) > longestName:
		return refused("the prefix is not of small letters, digits and single hyphens")
	case query.Has("namespace") && !namespacePattern.MatchString(a.Namespace):
		return refused("the namespace is none")
	case slices.Contains(a.Wrapped, ""):
		return refused("wrapped names no directory")
	}
	return a, nil
}

// Text is the address as ParseAddress reads it.
func (a Address) Text() string {
	query := url.Values{"prefix": {a.Prefix}, "wrapped": a.Wrapped}
	if a.Namespace != "" {
		query.Set("namespace", a.Namespace)
	}
	return a.Server + "/" + a.Mount + "?" + query.Encode()
}
