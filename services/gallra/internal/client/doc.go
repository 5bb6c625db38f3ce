// Package client speaks to a running system over its public HTTP interface, as any
// outside program would.
//
// Where the system runs on this machine it finds by itself what an operator needs: a
// running system leaves a file for its URL in the user's state directory (Found), with
// the places of the key that signs bearer tokens and of the CA. It signs short tokens for
// itself, and signs them anew when they age; GALLRA_TOKEN wins over that. A token is for
// one authority, so calls name the authority that they are for.
//
// It retries nothing but an answer that asks for it (503 with Retry-After), unless it is
// told to be Patient; and it never puts what it sent or got into an error: a refusal is
// its reason and the field's name.
package client
