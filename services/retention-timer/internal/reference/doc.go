// Package reference is the oracle of the clocks: a pure function from what has happened to due dates, limits and states,
// written from the notices and the statutes and from nothing in this service. It lives in the test tree only. Random
// histories are told to the real service and to the model, and every difference is a fault of one of them.
//
// The model has its own calendar, its own table of promises and its own rule of daylight saving time, so that a mistake
// in the libraries cannot hide in both.
package reference
