#!/bin/bash
# Every image that docker-compose.yml needs, without a registry. Names go by content, so that what has not changed is not
# built again; they are written to deploy/images.env, which deploy/compose.sh hands to docker compose.
source "$(dirname "$0")/lib.sh"

docker version >/dev/null 2>&1 || die "No docker engine answers: $(docker version 2>&1 | tail -n 1)"

gallra=$(deploy/images/gallra.sh)
nats=$(deploy/images/nats.sh)
debian=$(deploy/images/debian.sh)
postgres=$(deploy/images/upon.sh postgres "$debian")
haproxy=$(deploy/images/upon.sh haproxy "$debian")

cat >deploy/images.env <<END
# Written by make images; docker-compose.yml has other names by default.
GALLRA_IMAGE=$gallra
GALLRA_NATS_IMAGE=$nats
GALLRA_POSTGRES_IMAGE=$postgres
GALLRA_HAPROXY_IMAGE=$haproxy
END
for image in "$gallra" "$nats" "$postgres" "$haproxy"; do
	docker image ls --format '{{.Repository}}:{{.Tag}} {{.Size}}' "$image" >&2
done
say "deploy/images.env names them; make up starts them."
