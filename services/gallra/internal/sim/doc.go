// Package sim is what only a simulated system offers under /sim: its clock, the row ids
// of the statistics store, and the stopping and starting of single services.
//
// It owns the simulated time (libs/clock's Coordinator over the database `clock`). It is
// never mounted on a system whose clock is real, and every call needs an operator's token.
package sim
