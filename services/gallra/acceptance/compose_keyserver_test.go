package acceptance

import (
	"slices"
	"testing"

	"gallra.se/libs/keyring/bao"
	"gallra.se/services/gallra/internal/assembly"
)

const keyServerFile = root + "/deploy/compose.keyserver.yml"

func TestOnlyHoldersReachTheKeyServerAndEachWithATokenOfItsOwn(t *testing.T) {
	t.Parallel()
	plain := composed(t, composeFile)
	for name, container := range composed(t, composeFile, keyServerFile).Services {
		_, reaches := container.Networks["key-server"]
		if reaches != assembly.Holds(name) {
			t.Errorf("%s is on the key server's network: %v", name, reaches)
		}
		for _, secret := range container.Secrets {
			if holder := secret.Source[min(len("key-server-"), len(secret.Source)):]; secret.Target == "key-server-token" && holder != name {
				t.Errorf("%s has the token of %s", name, holder)
			}
		}
		if !reaches {
			continue
		}
		address, err := bao.ParseAddress(*container.Environment["GALLRA_KEYSTORE"])
		if err != nil || address.Prefix != "gallra" || !slices.Equal(address.Wrapped, []string{"/keystore"}) {
			t.Errorf("%s: %+v, %v", name, address, err)
		}
		if *container.Environment["GALLRA_KEYSTORE_TOKEN_FILE"] != "/run/secrets/key-server-token" {
			t.Errorf("%s: %v", name, container.Environment)
		}
		if before := plain.Services[name]; len(container.Volumes) != len(before.Volumes) || len(container.Secrets) != len(before.Secrets)+2 {
			t.Errorf("%s has other volumes or secrets than a token and a CA besides", name)
		}
	}
}
