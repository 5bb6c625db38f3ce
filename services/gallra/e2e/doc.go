// Package e2e is a deployment in containers, from outside: everything goes through its
// published ports, as an operator and as other systems would, and faults are what docker
// can do to a container. `make e2e` starts a deployment of its own, lets these tests run
// against it, and takes it away; without one they are skipped.
//
// The tests share the deployment and run one after another. Each empties it first.
package e2e
