// Package devlogin is an OpenID provider for one's own machine: it believes whoever picks one of its made-up personas. It
// is there so that the console can be tried and tested with the very login that it has in production; `gallra up` mounts
// it on a loopback address alone, and never with --production.
//
//	/.well-known/openid-configuration ─► /authorize (the picker) ─► the console's callback ─► /token ◄─ /keys
//
// A code is good once, for a minute, for the redirect address and the PKCE challenge that it was asked for with.
package devlogin
