// Package bench measures figures of the system, each beside a floor measured in the same run: a hand-written minimum
// that does the same durable work and nothing else. It has tests only; `make bench` prints them.
package bench
