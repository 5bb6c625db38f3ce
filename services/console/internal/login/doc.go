// Package login lets officers in through an OpenID provider: authorization code with PKCE, state and nonce, each good for
// one login. It promises that a session belongs to one account of one authority, gets a new id at login, ends after half an
// hour of rest or eight hours in all (Pace), and that nothing of a token or a code is kept or told. What an officer may
// see is decided by the services, not here.
//
//	nobody ──Begin──► pending (10 min) ──Finish──► officer ──rest, eight hours, End──► nobody
//	                        └── used, forged, late, refused ──► nobody
package login
