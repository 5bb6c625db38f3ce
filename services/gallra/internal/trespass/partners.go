package trespass

import (
	"slices"

	"gallra.se/libs/policy"
	"gallra.se/services/gallra/internal/connect"
	"gallra.se/services/gallra/internal/credentials"
)

const sys = credentials.SysUser

var kinds = connect.Kinds

func authorities() []string { return policy.Default().Authorities() }

func handIn(authority, kind string) string { return "hand in a " + kind + " of " + authority }

// withPartners adds what partners were given: their kinds of lines, and the consumers that
// they, and the services that read the stream anyway, can read.
func withPartners(all []class, partners []credentials.Partner) []class {
	all = slices.Clone(all)
	for _, p := range partners {
		login := p.User().Name
		for _, grant := range p.Publish {
			i := slices.IndexFunc(all, func(c class) bool { return c.name == handIn(grant.Authority, grant.What) })
			if i < 0 {
				all, i = append(all, publishing(handIn(grant.Authority, grant.What), "in."+grant.Authority+"."+grant.What)), len(all)
			}
			all[i].may = append(slices.Clip(all[i].may), login)
		}
		all = append(all, listening("hear the answers to "+login, "_INBOX_"+login+".>", login))
		for _, r := range p.Readers() {
			of := r.Stream + "." + r.Name
			among := slices.Concat(readers[r.Stream], []string{login})
			all = append(all,
				seeing("see what "+p.Name+" reads "+r.Stream+" by", "$JS.API.CONSUMER.INFO."+of, among...),
				publishing("read what "+p.Name+" reads of "+r.Stream, "$JS.API.CONSUMER.MSG.NEXT."+of, among...),
				publishing("acknowledge for "+p.Name+" in "+r.Stream, "$JS.ACK."+of+".1.1.1.1.1", login),
				publishing("change what "+p.Name+" reads "+r.Stream+" by", "$JS.API.CONSUMER.CREATE."+of,
					slices.Concat(readers[r.Stream], []string{"provisioner"}, simulators)...),
				publishing("drop what "+p.Name+" reads "+r.Stream+" by", "$JS.API.CONSUMER.DELETE."+of,
					slices.Concat(readers[r.Stream], []string{"provisioner"})...))
		}
	}
	return all
}
