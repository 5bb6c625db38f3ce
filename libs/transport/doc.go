// Package transport sees to it that what one service seals to another opens for
// a day or two and then nowhere (DESIGN D5).
//
//	given out ── a day old, or something is erased ──► retired ──► settled ──► destroyed
//	                                                     │ every sender: "closed; these events were sealed to it"
//	                                                     │ each of them is in the inbox: applied, or parked
//	                                                     └ parked: sealed anew to the key that is given out now
//
// Settled is a fact, and no matter of time: a key is destroyed when nothing that
// was ever sealed to it is still wanted. A sender or receiver that is away puts
// that off, and no event is lost. What takes longer than Overdue raises an alarm.
//
// Who erases something on request has the keys go at once, its own and those
// that it has sealed to (Forget), and says "unrecoverable" after that.
//
// A service may ask another about its own keys only: the last token of
// ask.<sender>.sealed.<receiver> and ask.<receiver>.retire.<sender> is who asks,
// and its login lets it publish no other. The package knows nothing of what is
// sealed.
package transport
