#!/bin/bash
# docker compose for this deployment: `deploy/compose.sh ps`, `deploy/compose.sh up -d --scale intake=2`, …
source "$(dirname "$0")/settings.sh"

arguments=(--project-directory .)
for file in .env deploy/images.env; do
	[ ! -f "$file" ] || arguments+=(--env-file "$file")
done
arguments+=(-f docker-compose.yml)
[ -z "$SIMULATED" ] || arguments+=(-f deploy/compose.simulated.yml)
[ -z "$KEY_SERVER" ] || arguments+=(-f deploy/compose.keyserver.yml)
exec docker compose "${arguments[@]}" "$@"
