package credentials

import (
	"fmt"
	"net"
	"regexp"
	"time"

	"gallra.se/libs/clock"
)

// Generate makes what a deployment's folder lacks, keeps the rest, and says which files are
// new or other than before: whatever uses those must be started again. hosts are the names
// and addresses by which the world outside reaches gateway and nats.
func Generate(dir string, hosts []string) (made []string, err error) {
	return generate(Shared(dir), hosts, clock.PaceNow())
}

func generate(f Folder, hosts []string, now time.Time) (made []string, err error) {
	if err := checkHosts(hosts); err != nil {
		return nil, err
	}
	release, err := f.Hold()
	if err != nil {
		return nil, err
	}
	defer release()
	for _, part := range []func() ([]string, error){
		func() ([]string, error) { return f.certificates(hosts, now) },
		f.haproxy, f.allPasswords,
		f.signingKeys, f.clientSecret, f.WriteAccounts,
		func() ([]string, error) { return f.derive(f.NatsConf(), []byte(inContainer.text())) },
	} {
		fresh, err := part()
		if err != nil {
			return nil, err
		}
		made = append(made, fresh...)
	}
	return made, nil
}

// clientSecret makes room for the console's secret at the OpenID provider, which the operator writes there.
func (f Folder) clientSecret() (made []string, err error) {
	_, fresh, err := keep(f.ClientSecret(), f.forContainers(), func() ([]byte, error) { return nil, nil })
	if fresh {
		made = []string{f.name(f.ClientSecret())}
	}
	return made, err
}

func (f Folder) certificates(hosts []string, now time.Time) (made []string, err error) {
	ca, made, err := f.authority(now)
	if err != nil {
		return nil, err
	}
	for _, name := range Serving() {
		fresh, err := f.certificate(ca, name, hosts, now)
		if err != nil {
			return nil, err
		}
		made = append(made, fresh...)
	}
	return made, nil
}

func (f Folder) allPasswords() (made []string, err error) {
	for _, server := range Servers() {
		for _, role := range append(Databases(server), Superuser(server)) {
			_, fresh, err := f.Passwords().keep(role, f.forContainers())
			if err != nil {
				return nil, err
			}
			if fresh {
				made = append(made, "databases/"+role)
			}
		}
	}
	return made, nil
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`)

func checkHosts(hosts []string) error {
	for _, host := range hosts {
		if net.ParseIP(host) == nil && !hostName.MatchString(host) {
			return fmt.Errorf("%q is neither a host name nor an IP address", host)
		}
	}
	return nil
}
