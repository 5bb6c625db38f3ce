// Package serve runs what a process is made of: an HTTP listener with limits and a graceful stop, its health pages,
// and a group of loops that live and die together. It knows no route of any service.
package serve
