#!/bin/bash
# The part of the official image's entrypoint that docker-compose.yml uses: the first start makes the cluster, with the
# superuser's password from a file. A cluster that was half made is made again.
set -euo pipefail

if [ "${1:-}" = postgres ] && [ ! -s "$PGDATA/PG_VERSION" ]; then
	fresh=$PGDATA.new
	rm -rf "$fresh"
	# shellcheck disable=SC2086 # several words on purpose
	initdb -D "$fresh" -U "${POSTGRES_USER:-postgres}" --pwfile="$POSTGRES_PASSWORD_FILE" ${POSTGRES_INITDB_ARGS:-}
	rmdir "$PGDATA" 2>/dev/null || true
	mv -T "$fresh" "$PGDATA"
fi
exec "$@"
