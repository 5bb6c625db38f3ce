package doctor

import (
	"context"
	"path/filepath"
	"strings"

	"gallra.se/services/gallra/internal/assembly"
)

// volumes looks at where a deployment in containers has its keys: the engine's volumes of
// the first holder stand for those of all.
func volumes(ctx context.Context, d Deployment) []Finding {
	place := map[string]string{}
	names := []string{"postgres", "postgres-keys", "intake-key-copy"}
	for _, service := range assembly.Holders() {
		names = append(names, keystoreOf(service))
	}
	for _, name := range names {
		path, err := ask(ctx, "docker", "volume", "inspect", "--format", "{{.Mountpoint}}", d.Project+"_"+name)
		if err != nil || !strings.HasPrefix(path, "/") {
			return []Finding{{"keystore", Warn, "the volume " + d.Project + "_" + name + " is not there yet", "make up makes it; look again then"}}
		}
		place[name] = path
	}
	keystore := keysOf(ctx, d, place)
	copied := copyAt(place["intake-key-copy"], place["postgres-keys"])
	copied.Do = strings.NewReplacer("give --key-copy a directory on", "have compose put the key-copy volumes on").Replace(copied.Do)
	return []Finding{keystore, copied}
}

// keystoreOf is the volume of a holder's root keys.
func keystoreOf(service string) string {
	return strings.TrimSuffix(service, "-pseudonymiser") + "-keystore"
}

// keysOf looks at the key server with the tokens that holders have, or at their volumes.
func keysOf(ctx context.Context, d Deployment, place map[string]string) Finding {
	if d.KeyServer != "" {
		folder := filepath.Join(d.Secrets, "key-server")
		return keyServer(ctx, d.KeyServer, d.Production, func(service string) (assembly.Keystore, error) {
			return assembly.Keystore{At: d.KeyServer + "?prefix=" + d.KeyPrefix + "&wrapped=" + place[keystoreOf(service)],
				Token: filepath.Join(folder, service+".token"), CA: filepath.Join(folder, "ca.pem")}, nil
		})
	}
	keystore := filesAt(place["intake-keystore"], place["postgres"], d.Production)
	keystore.Do = strings.NewReplacer("give --keystore a directory on", "have compose put the keystore volumes on", "or the address of a key server", "or start with KEY_SERVER").Replace(keystore.Do)
	return keystore
}
