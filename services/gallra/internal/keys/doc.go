// Package keys is how an operator sees how the keyrings stand and has their keys replaced.
//
//	gallra keys ──► HTTP /v1/keys (control) ──► NATS ask.HOLDER.keys, ask.HOLDER.rotatekeys ──► the holder's keyring
//
// Keys never leave their holder: what travels is counts and times. Each holder answers for
// itself, so that one that is away keeps nobody else from rotating.
package keys
