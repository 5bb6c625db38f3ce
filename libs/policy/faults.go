package policy

import "errors"

// Faults are the single faults in an error of Load or Parse, as the sentences that an author reads:
// "te-services/rules.yaml:12:3: rule TES-16 lacks its title".
func Faults(err error) []string {
	if err == nil {
		return nil
	}
	var many interface {
		error
		Unwrap() []error
	}
	if !errors.As(err, &many) {
		return []string{err.Error()}
	}
	var all []string
	for _, one := range many.Unwrap() {
		all = append(all, Faults(one)...)
	}
	return all
}
