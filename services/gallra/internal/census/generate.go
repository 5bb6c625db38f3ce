package census

//go:generate go test -run TestThePageAgreesWithWhatIsDeclared -count=1 . -update
