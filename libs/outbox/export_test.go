package outbox

import "time"

// PollEvery has a relay look again, unwoken, after d only.
func (r *Relay) PollEvery(d time.Duration) { r.poll = d }
