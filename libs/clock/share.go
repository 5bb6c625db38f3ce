package clock

// Share is the part of a service's partitions that one of its instances applies:
// those p with p % Of == Rank. The zero value is that of an instance that shares
// nothing.
type Share struct {
	Rank int `json:"rank"`
	Of   int `json:"of"`
}

// Has says that partition p belongs to the share.
func (s Share) Has(p int) bool { return s.Of > 0 && p%s.Of == s.Rank }

// Whole says that these are the shares of all instances of one service: either
// nothing is shared, or each rank of the same number is there once. While
// instances come and go they disagree, and the work of one may not have been
// taken up by another.
func Whole(shares ...Share) bool {
	taken := map[int]bool{}
	for _, s := range shares {
		if s.Of != shares[0].Of {
			return false
		}
		taken[s.Rank] = true
	}
	return len(shares) == 0 || shares[0].Of == 0 || len(shares) == shares[0].Of && len(taken) == len(shares)
}

// Divided names the services whose instances do not share their partitions as a
// whole, in the order in which they are first met.
func Divided(reports []Report) []string {
	shares := map[string][]Share{}
	var services []string
	for _, r := range reports {
		if shares[r.Service] == nil {
			services = append(services, r.Service)
		}
		shares[r.Service] = append(shares[r.Service], r.Share)
	}
	var divided []string
	for _, service := range services {
		if !Whole(shares[service]...) {
			divided = append(divided, service)
		}
	}
	return divided
}
