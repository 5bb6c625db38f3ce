package sim

import "time"

// Subjects between the control of a simulated deployment and its instances (core NATS).
// A service is at the end of each, so that no instance hears what is meant for others.
const (
	subjectStop     = "sim.stop."      // an Order; every instance answers with a Life
	subjectWipe     = "sim.wipe."      // one instance answers with a Wiped
	subjectKill     = "sim.kill."      // who lives answers with a Life, and dies
	subjectMayStart = "sim.may-start." // asked by an instance, answered with a Leave
)

// SubjectStop is where a service's instances are told to end their lives.
func SubjectStop(service string) string { return subjectStop + service }

// SubjectWipe is where a service is told to empty what it keeps.
func SubjectWipe(service string) string { return subjectWipe + service }

// SubjectKill is where a service's instances are told to crash.
func SubjectKill(service string) string { return subjectKill + service }

// SubjectMayStart is where a service's instances ask whether they may begin.
func SubjectMayStart(service string) string { return subjectMayStart + service }

// Order is what instances are told who are to stop: the world begins anew then (Pace), and
// no life that began before may go on.
type Order struct {
	Since time.Time `json:"since"`
}

// Life says of an instance whether it works or waits.
type Life struct {
	Service  string `json:"service"`
	Instance string `json:"instance"`
	Living   bool   `json:"living"`
}

// Name is how the coordinator of the clock names the instance.
func (l Life) Name() string { return l.Service + "/" + l.Instance }

// Wiped says that the service keeps nothing any more, or why it still does.
type Wiped struct {
	Failed string `json:"failed,omitempty"`
}

// Leave says whether an instance may begin a life, and in which world: the one since the
// last new beginning that the control knows of, zero where it knows of none.
type Leave struct {
	May   bool      `json:"may"`
	Since time.Time `json:"since"`
}
