package console

//go:generate env GOWORK=off go -C ../../tools tool templ generate -path ../services/console
