// Package scenario reads scenario files (format 1) and runs them against a system
// through its public HTTP interface, moving the simulated clock from step to step.
//
// It promises that a file is read strictly: an unknown key, action, argument,
// field or expectation, a name that no earlier step made, or a step that goes back in
// time is refused with file, line and column before anything runs. An action or a check
// that the format knows and this runner does not is an error, never a skip: a scenario
// that says "passed" has had every one of its sentences looked at.
//
// The runner knows what no service may know: which row of the statistics store came
// from which case, because it looked before and after. It keeps that to itself.
package scenario
