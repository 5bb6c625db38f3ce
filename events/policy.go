package events

const TypePolicyActivated = "se.gallra.policy.activated.v1"

// PolicyActivated: an authority's pack has a new version. It is the whole pack, so that whoever missed an earlier one
// needs no other. Its clocks count from ValidFrom.
type PolicyActivated struct {
	Authority string       `json:"authority" data:"none"`
	Version   string       `json:"version" data:"none"`
	ValidFrom string       `json:"validFrom" data:"none" format:"date"`
	Hash      string       `json:"hash" data:"none"` // of the pack's files, hex
	Plan      string       `json:"plan" data:"none"` // hash of the plan that whoever activated it had seen, hex
	Files     []PolicyFile `json:"files" data:"none"`
}

// PolicyFile is one file of a pack.
type PolicyFile struct {
	Name string `json:"name" data:"none"`
	Text string `json:"text" data:"none"`
}
