package credentials

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Serving are the containers that others connect to, each by its name.
func Serving() []string {
	return []string{
		"nats", "postgres", "postgres-keys", "postgres-statistics", "ledger", "retention-timer", "statistics-pseudonymiser",
		"case-linker", "intake", "disclosure", "console", "control", "gateway", "scan", "backup",
	}
}

// published are those that the world outside connects to, by whatever names the host has.
var published = []string{"nats", "gateway"}

func (f Folder) certificateFiles(name string) (certificate, key string) {
	return filepath.Join(f.tls(), name+".pem"), filepath.Join(f.tls(), name+".key")
}

// certificate keeps a server's certificate, and makes it anew when it ends soon, is not
// the CA's, or lacks a name. A new one keeps the names of the old.
func (f Folder) certificate(ca authority, name string, hosts []string, now time.Time) (made []string, err error) {
	want := []string{name, "localhost", "127.0.0.1", "::1"}
	if slices.Contains(published, name) {
		want = append(want, canonical(hosts)...)
	}
	file, keyFile := f.certificateFiles(name)
	there, keyThere, err := both(file, keyFile)
	if err != nil {
		return nil, err
	}
	if there && keyThere {
		old, good, err := f.present(ca, file, keyFile, now)
		if err != nil {
			return nil, err
		}
		have := names(old)
		if good && !slices.ContainsFunc(want, func(name string) bool { return !slices.Contains(have, name) }) {
			return nil, nil
		}
		want = append(want, have...)
	}
	der, key, err := ca.issue(name, want, now)
	if err != nil {
		return nil, fmt.Errorf("make certificate of %s: %w", name, err)
	}
	return []string{f.name(file), f.name(keyFile)}, writePair(file, keyFile, f.forContainers(), f.forContainers(), der, key)
}

// present reads a certificate; good says that it may go on serving.
func (f Folder) present(ca authority, file, keyFile string, now time.Time) (old *x509.Certificate, good bool, err error) {
	if old, err = readCertificate(file); err != nil {
		return nil, false, err
	}
	key, err := readKey(keyFile, f.forContainers())
	if err != nil {
		return nil, false, err
	}
	good = key.PublicKey.Equal(old.PublicKey) && old.CheckSignatureFrom(ca.certificate) == nil &&
		now.AddDate(0, 0, renewDays).Before(old.NotAfter)
	return old, good, nil
}

func (ca authority) issue(name string, wanted []string, now time.Time) (der []byte, key *ecdsa.PrivateKey, err error) {
	if key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: name},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(serverYears, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if end := ca.certificate.NotAfter; template.NotAfter.After(end) {
		template.NotAfter = end
	}
	slices.Sort(wanted)
	for _, name := range slices.Compact(wanted) {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	der, err = x509.CreateCertificate(rand.Reader, template, ca.certificate, &key.PublicKey, ca.key)
	return der, key, err
}

// canonical writes an address the way that a certificate gives it back.
func canonical(hosts []string) []string {
	all := slices.Clone(hosts)
	for i, host := range all {
		if ip := net.ParseIP(host); ip != nil {
			all[i] = ip.String()
		}
	}
	return all
}

func names(c *x509.Certificate) []string {
	all := slices.Clone(c.DNSNames)
	for _, ip := range c.IPAddresses {
		all = append(all, ip.String())
	}
	return all
}

// haproxy keeps the gateway's certificate and key in one file, as HAProxy reads them.
func (f Folder) haproxy() (made []string, err error) {
	file, keyFile := f.certificateFiles("gateway")
	certificate, err := os.ReadFile(file)
	if err != nil {
		return nil, explained(file, err)
	}
	key, err := read(keyFile, f.forContainers())
	if err != nil {
		return nil, err
	}
	return f.derive(filepath.Join(f.tls(), "gateway.haproxy.pem"), slices.Concat(certificate, key))
}

// derive writes what follows from other files, where it is not so already.
func (f Folder) derive(path string, text []byte) (made []string, err error) {
	info, err := os.Stat(path)
	if err == nil && info.Mode().Perm() == f.forContainers() {
		if old, err := os.ReadFile(path); err == nil && string(old) == string(text) {
			return nil, nil
		}
	}
	return []string{f.name(path)}, write(path, f.forContainers(), text)
}
