package serve

import (
	"crypto/tls"
	"fmt"
	"net"
)

// TLS wraps a listener so that it speaks TLS 1.3 with the certificate of two PEM files; without a certificate it is
// returned as it is.
func TLS(l net.Listener, certFile, keyFile string) (net.Listener, error) {
	if certFile == "" && keyFile == "" {
		return l, nil
	}
	certificate, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		return nil, fmt.Errorf("read the server's certificate: %w", err)
	}
	return tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS13}), nil
}
