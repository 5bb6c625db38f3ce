package events

//go:generate go test -run TestTheFilesAgreeWithTheCatalogue -count=1 . -update
