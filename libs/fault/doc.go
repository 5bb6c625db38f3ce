// Package fault names the places at which a crash is tried.
//
// Point does nothing in what is shipped. A build with the tag `faults`, which tests alone make, looks there whether
// somebody waits for the process: a file NAME, named after the point, in the folder that GALLRA_FAULTS says, under the
// name of the service that this process runs (its first argument):
//
//	$GALLRA_FAULTS/intake/keyring.put        the text is who dies, and at which pass: "self 1", "postgres 2", "parent 1"
//
// "off" in its place switches off what the point stands before, for tests that must show that they can fail.
//
// The file goes before the blow falls, so that the next life passes the point, and a test sees that it was reached.
package fault
