// Package trespass tries every door of a running system with every key: each NATS user and
// partner on each class of subjects, each database role on each database and its tables.
// What it expects is written here by hand (classes.go), apart from the list that the
// servers are set up from, so that a right given by mistake is a leak and no new normal.
//
// It changes nothing. What may be published is published so that nobody acts on it: JetStream
// refuses what its headers ask for, and its content is no message of ours.
// It needs every secret of the system, and shows none.
package trespass
