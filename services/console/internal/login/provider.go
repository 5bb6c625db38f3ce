package login

import (
	"context"
	"net/http"
	"sync"

	"github.com/coreos/go-oidc/v3/oidc"
)

// provider is discovered when the first login asks for it, and again where that failed: the console may be up before it.
type provider struct {
	issuer string
	client *http.Client

	mu    sync.Mutex
	found *oidc.Provider
}

func (p *provider) discovered(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	found, err := oidc.NewProvider(p.through(context.WithoutCancel(ctx)), p.issuer)
	if err != nil {
		return nil, err
	}
	p.found = found
	return found, nil
}

// through is a context in which go-oidc and oauth2 call with the configured client.
func (p *provider) through(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, p.client)
}
