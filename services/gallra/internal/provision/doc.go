// Package provision makes what services find when they start: a role and a database for
// each, which no other role may enter, the streams, and the consumers that partners read
// by. It runs before them, every time, and changes nothing that is right already.
//
// `gallra up` calls its parts; in containers `gallra provision` waits for the servers, does
// the same, and ends: --part core on the side of the operation, --part statistics on the
// side that no operator's network reaches.
package provision
