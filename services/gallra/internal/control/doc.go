// Package control is the operator's side of a deployment: whether all of it is ready, the
// proof that nothing was lost between its parts, and, where the clock is simulated, that
// clock and all that is played under /sim.
//
// `gallra up` answers these routes in its own process; in containers `gallra control` is a
// process of its own. It reads no service's data and has no part in what services do: when
// it is down they work on, but nobody moves the simulated clock.
package control
