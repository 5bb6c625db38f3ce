package pg

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
)

// Unreachable says that err may pass by itself: the server is not up yet, is starting or
// stopping, has no free connection or no space. Whoever starts may wait for it.
func Unreachable(err error) bool {
	if refusedForGood(err) {
		return false
	}
	switch Code(err) {
	case "57P01", "57P02", "57P03", "53300", "53100":
		return true
	}
	var network *net.OpError
	var name *net.DNSError
	var connecting *pgconn.ConnectError
	return errors.As(err, &connecting) || errors.As(err, &network) || errors.As(err, &name) ||
		errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ECONNRESET)
}

// refusedForGood says that waiting will not help: the login, the database or the
// certificate is wrong.
func refusedForGood(err error) bool {
	switch code := Code(err); {
	case strings.HasPrefix(code, "28"), code == "3D000", code == "42501":
		return true
	}
	var certificate *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	return errors.As(err, &certificate) || errors.As(err, &authority)
}

// explained adds what an operator can do about it.
func explained(err error) error {
	var certificate *tls.CertificateVerificationError
	switch code := Code(err); {
	case code == "28P01", code == "28000":
		return fmt.Errorf("PostgreSQL refuses the role's login: its password file is not the one that the role was made with: %w", err)
	case code == "3D000":
		return fmt.Errorf("the database does not exist: run `gallra provision` (compose: the containers setup and setup-statistics): %w", err)
	case code == "53100":
		return fmt.Errorf("the database's disk is full: free space or give the volume more; work goes on by itself then: %w", err)
	case errors.As(err, &certificate):
		return fmt.Errorf("the server's certificate is not signed by the CA given: %w", err)
	}
	return err
}
