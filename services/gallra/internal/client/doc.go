// Package client speaks to a running system over its public HTTP interface, as any
// outside program would.
//
// It finds an operator's tokens by itself where the system runs on this machine: `gallra
// up` leaves a file for its URL in the user's state directory (Found). GALLRA_TOKEN wins
// over it. A token is for one authority, so calls name the authority that they are for.
//
// It retries nothing but an answer that asks for it (503 with Retry-After), and it never
// puts what it sent or got into an error: a refusal is its reason and the field's name.
package client
