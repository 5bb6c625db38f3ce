// Package gateway is the one door of a system on one machine: it sends each request, by
// the beginning of its path, to the socket of the service that owns it, and everything
// else to the console.
//
// It reads no body and knows no token; each service checks for itself. A service that is
// not there answers 503; only when the request was never sent does it ask the caller to
// come again.
package gateway
