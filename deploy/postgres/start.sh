#!/bin/bash
# PostgreSQL refuses a private key that others may read, and a mounted secret is such a file: it gets a copy in memory.
set -euo pipefail
install -m 0600 /run/secrets/tls.key /run/postgresql/tls.key
exec docker-entrypoint.sh postgres -c config_file=/etc/postgresql/postgresql.conf
