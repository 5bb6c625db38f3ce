package credentials

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"time"
)

// How long certificates live, and when they are made anew (calendar days, UTC).
const (
	authorityYears = 10
	serverYears    = 2
	renewDays      = 60
)

// authority signs the servers of one deployment. Its key never leaves the host.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// authority reads the deployment's CA, making it the first time.
func (f Folder) authority(now time.Time) (ca authority, made []string, err error) {
	there, keyThere, err := both(f.CA(), f.caKey())
	switch {
	case err != nil:
		return ca, nil, err
	case there != keyThere:
		return ca, nil, fmt.Errorf("of %s and %s one is missing: put it back, or delete the other too; then every certificate is made anew, and whoever connects needs the new ca.pem", f.CA(), f.caKey())
	case !there:
		if err := f.makeAuthority(now); err != nil {
			return ca, nil, err
		}
		made = []string{f.name(f.CA()), f.name(f.caKey())}
	}
	if ca.key, err = readKey(f.caKey(), ownerOnly); err != nil {
		return ca, nil, err
	}
	if ca.certificate, err = readCertificate(f.CA()); err != nil {
		return ca, nil, err
	}
	if !ca.key.PublicKey.Equal(ca.certificate.PublicKey) {
		return ca, nil, fmt.Errorf("%s and %s do not belong together: put the right ones back", f.CA(), f.caKey())
	}
	if end := ca.certificate.NotAfter; now.AddDate(0, 0, renewDays).After(end) {
		return ca, nil, fmt.Errorf("%s ends on %s: delete it and %s, run this again, start everything again and hand the new ca.pem to whoever connects", f.CA(), end.Format(time.DateOnly), f.caKey())
	}
	return ca, made, nil
}

func (f Folder) makeAuthority(now time.Time) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fmt.Errorf("make the CA's key: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: "Gallra deployment CA"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(authorityYears, 0, 0),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return fmt.Errorf("make the CA: %w", err)
	}
	return writePair(f.CA(), f.caKey(), f.forContainers(), ownerOnly, der, key)
}

// writePair writes a key and then its certificate.
func writePair(certificate, keyFile string, mode, keyMode fs.FileMode, der []byte, key *ecdsa.PrivateKey) error {
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return fmt.Errorf("encode key: %w", err)
	}
	if err := write(keyFile, keyMode, encode("PRIVATE KEY", private)); err != nil {
		return err
	}
	return write(certificate, mode, encode("CERTIFICATE", der))
}

func readKey(path string, mode fs.FileMode) (*ecdsa.PrivateKey, error) {
	der, err := readPEM(path, mode, "ECDSA private key")
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if key, ok := parsed.(*ecdsa.PrivateKey); ok && err == nil {
		return key, nil
	}
	return nil, damaged(path, "ECDSA private key")
}

func readCertificate(path string) (*x509.Certificate, error) {
	der, err := readPEM(path, 0o444, "certificate")
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, damaged(path, "certificate")
	}
	return certificate, nil
}

// both says which of a certificate and its key are there.
func both(certificate, key string) (there, keyThere bool, err error) {
	for path, is := range map[string]*bool{certificate: &there, key: &keyThere} {
		_, err := os.Stat(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return false, false, explained(path, err)
		}
		*is = err == nil
	}
	return there, keyThere, nil
}

// serial is 127 random bits: nobody who sees one certificate can tell another's.
func serial() *big.Int {
	bits := make([]byte, 16)
	_, _ = rand.Read(bits) // never fails
	bits[0] &= 0x7f
	return new(big.Int).SetBytes(bits)
}
