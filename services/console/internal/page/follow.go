package page

import (
	"context"

	"gallra.se/libs/policy"

	"gallra.se/services/console/internal/rulebook"
)

// followAsked asks which packs are in force, and goes by them.
func (p *Pages) followAsked(ctx context.Context) {
	said, err := p.Ask.Policies(ctx)
	if err != nil {
		p.Log.WarnContext(ctx, "no policies", "error", err.Error())
		return
	}
	p.follow(ctx, said)
}

// follow goes by the packs that are in force: those that this instance was started with may have been replaced since. A
// pack that cannot be read leaves the last one.
func (p *Pages) follow(ctx context.Context, said []rulebook.Said) {
	for _, s := range said {
		known, ok := p.Policy.Pack(s.Authority)
		if !ok || len(s.Files) == 0 || s.Hash == known.Hash() {
			continue
		}
		pack, err := policy.Parse(s.Authority, s.Files)
		if err != nil {
			p.Log.ErrorContext(ctx, "a policy in force cannot be read", "authority", s.Authority, "version", s.Version, "error", err.Error())
			continue
		}
		p.Policy.Replace(pack)
	}
}
