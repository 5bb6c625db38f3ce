#!/bin/bash
# make up: secrets, containers, and the wait until they are ready. SIMULATED=DATE the first time makes a clock to move.
asked=${SIMULATED:-}
source "$(dirname "$0")/settings.sh"
source deploy/docker.sh

# Who has lived in simulated time has records of days to come.
# shellcheck disable=SC1090,SC2154
if [ -f "$remembered" ] && [ -n "$asked" ] && (SIMULATED='' && source "$remembered" && [ -z "$SIMULATED" ]); then
	die "This deployment runs in real time. A simulated one is another: COMPOSE_PROJECT_NAME=… GALLRA_SECRETS=… SIMULATED=$asked make up, on other ports"
fi

image=$(sed -n 's/^GALLRA_IMAGE=//p' deploy/images.env 2>/dev/null || true)
docker image inspect "${image:-gallra:latest}" >/dev/null 2>&1 || die "There is no image ${image:-gallra:latest} yet: make images"

# free PORT WHAT: a taken port is said before anything is started.
free() {
	if (exec 3<>"/dev/tcp/$(reachable)/$1") 2>/dev/null; then
		die "$GALLRA_BIND:$1 is taken by another program: stop it, or give $2=PORT make up"
	fi
}
if [ -z "$(compose ps -q --status running gateway nats 2>/dev/null)" ]; then
	free "$GALLRA_HTTPS_PORT" GALLRA_HTTPS_PORT
	free "$GALLRA_NATS_PORT" GALLRA_NATS_PORT
fi

hosts=()
for host in "$(reachable)" ${GALLRA_HOSTS:-}; do
	hosts+=(--host "$host")
done
made=$(bin/gallra deploy secrets --dir "$GALLRA_SECRETS" "${hosts[@]}")
remember
again=()
[ -z "$made" ] || say "Secrets: $(wc -l <<<"$made") files are new in $GALLRA_SECRETS"
if [ -n "$made" ] && [ -n "$(compose ps -q)" ]; then
	say "What containers know each other by has changed: all are started again"
	again=(--force-recreate)
fi

compose up --detach --remove-orphans "${again[@]}" || {
	compose ps --all
	compose logs --tail 20 setup setup-statistics nats postgres postgres-keys postgres-statistics
	die "Not everything could be started; the last lines of those that come first are above"
}
bin/gallra deploy await --dir "$GALLRA_SECRETS" --url "https://$(reachable):$GALLRA_HTTPS_PORT" --nats "tls://$(reachable):$GALLRA_NATS_PORT" || {
	compose ps --all
	die "deploy/compose.sh logs NAME says what a container has said"
}
