// Package bao keeps a keyring's root keys by the transit engine of an OpenBao or a
// Vault server, over HTTP.
//
// Each generation has a transit key of its own, PREFIX-SERVICE-GENERATION, which the
// server never gives away (not exportable, no plaintext backup). The root key is
// encrypted under it, and the text that comes out lies in one directory or more. Of
// these directories any number of copies may be made and kept: they open with the
// server's key alone, and Destroy has the server delete that.
//
//	Put      make the transit key ─► encrypt ─► write the text ─► decrypt it to see that it opens
//	Destroy  allow the deletion ─► delete ─► see that it is gone ─► remove the text
//
// What was destroyed stays destroyed as long as nobody restores the server itself from
// a copy of its storage made before; such copies must not be kept longer than what is
// disposed of may stay recoverable. Losing every copy of the text loses the root key.
//
// The token is read from a file before each request and stands in no error; neither do
// the server's words, which could repeat what they were sent. Behind a breaker: when the
// server is away, keys that are in memory go on opening, and rotations wait. A rotation
// asks about ten times, and whoever makes keys waits meanwhile.
//
// The policy that a token needs, for the mount "transit", the prefix "gallra" and the
// service "intake":
//
//	path "transit/keys"                    { capabilities = ["list"] }
//	path "transit/keys/gallra-intake-*"    { capabilities = ["create", "read", "update", "delete"] }
//	path "transit/encrypt/gallra-intake-*" { capabilities = ["update"] }
//	path "transit/decrypt/gallra-intake-*" { capabilities = ["update"] }
package bao
