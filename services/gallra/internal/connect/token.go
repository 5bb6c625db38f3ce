package connect

import (
	"fmt"
	"time"

	"gallra.se/libs/bearer"
	"gallra.se/services/gallra/internal/credentials"
)

// role is what a partner is at the services: a channel that hands lines in.
const role = "channel"

// route is where a kind of line is handed in.
func route(kind string) string { return "POST /v1/" + kind + "s" }

// tokens signs what a partner hands its lines in with over HTTP, one token for each
// authority: nobody works for two at once. They are good for nothing else.
func (d Desk) tokens(p credentials.Partner, now time.Time, ttl time.Duration) (files map[string]string, err error) {
	if len(p.Publish) == 0 {
		return nil, nil
	}
	key, err := d.Folder.EnsureTokenKey()
	if err != nil {
		return nil, err
	}
	only := map[string][]string{}
	for _, grant := range p.Publish {
		only[grant.Authority] = append(only[grant.Authority], route(grant.What))
	}
	files = map[string]string{}
	for authority, calls := range only {
		claims := bearer.Claims{Authority: authority, Name: p.Name, Roles: []string{role}, Only: calls}
		token, err := bearer.Sign(key, claims, now, ttl)
		if err != nil {
			return nil, fmt.Errorf("token of %s: %w", p.Name, err)
		}
		if err := d.Folder.KeepToken(p.Name, authority, token); err != nil {
			return nil, err
		}
		files[authority] = d.Folder.TokenFile(p.Name, authority)
	}
	return files, nil
}
