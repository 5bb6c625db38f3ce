package cli

import "gallra.se/services/gallra/internal/assembly"

// keystoreFlags say where root keys are, and where key databases are copied to.
type keystoreFlags struct {
	Keystore      string `env:"GALLRA_KEYSTORE" help:"Where the root keys are: a directory, or the transit engine of an OpenBao or Vault server, https://HOST:PORT/MOUNT?prefix=NAME&wrapped=DIR." placeholder:"DIR|URL"`
	KeystoreToken string `name:"keystore-token-file" env:"GALLRA_KEYSTORE_TOKEN_FILE" help:"File of the key server's token; read anew before each request." placeholder:"FILE"`
	KeystoreCA    string `name:"keystore-ca" type:"existingfile" env:"GALLRA_KEYSTORE_CA" help:"CA that the key server's certificate must be signed by; by default the machine's own." placeholder:"FILE"`
	KeyCopy       string `env:"GALLRA_KEY_COPY" help:"Directory on a second medium in which a copy of the key database is kept; production demands it." placeholder:"DIR"`
}

func (k keystoreFlags) keystore() assembly.Keystore {
	return assembly.Keystore{At: k.Keystore, Token: k.KeystoreToken, CA: k.KeystoreCA, CopyDir: k.KeyCopy}
}
