package outside

import "net/http"

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Through lets a test stand in for the network.
func (b *Breaker) Through(f func(*http.Request) (*http.Response, error)) (restore func()) {
	b.client.Transport = roundTrip(f)
	return func() { b.client.Transport = nil }
}
