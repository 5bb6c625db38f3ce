#!/bin/bash
# make e2e: the tests of services/gallra/e2e against containers of their own, which are gone afterwards, whatever happened.
export COMPOSE_PROJECT_NAME=gallra-e2e GALLRA_SECRETS=deploy/secrets-e2e SIMULATED=2021-01-01
export GALLRA_BIND=127.0.0.1 GALLRA_HTTPS_PORT=18443 GALLRA_NATS_PORT=14222
source "$(dirname "$0")/settings.sh"
source deploy/docker.sh
export XDG_STATE_HOME=$PWD/.cache/e2e/state
logs=$PWD/.cache/e2e/logs
# One at a time on a machine: its project and ports are the same wherever it is started from.
exec 9>"/tmp/$COMPOSE_PROJECT_NAME.lock"
flock --nonblock 9 || die "Another make e2e runs on this machine"

sweep() {
	compose down --volumes --remove-orphans --timeout 5 >/dev/null 2>&1 || true
	rm -rf "$GALLRA_SECRETS" "$XDG_STATE_HOME"
}

finish() {
	local status=$? service
	[ -z "$tests" ] || kill -- "-$tests" 2>/dev/null || true
	if [ "$status" != 0 ]; then
		rm -rf "$logs"
		mkdir -p "$logs"
		compose ps --all >"$logs/containers" 2>&1 || true
		for service in $(compose config --services 2>/dev/null); do
			compose logs --no-color --timestamps "$service" >"$logs/$service.log" 2>&1 || true
		done
		say "The containers' logs are in ${logs#"$PWD/"}"
	fi
	sweep
	exit "$status"
}

tests=
go vet ./services/gallra/e2e # what does not compile needs no containers
sweep # what a killed run has left
trap finish EXIT
trap 'exit 130' INT TERM
deploy/up.sh
set -m # a group of processes of its own, so that all of them end with this one
GALLRA_E2E=https://127.0.0.1:$GALLRA_HTTPS_PORT go test -count=1 -v -timeout 20m "$@" ./services/gallra/e2e &
tests=$!
set +m
wait "$tests"
tests=
