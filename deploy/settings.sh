# What one deployment is: its compose project, its secrets, where it listens, and whether its time is simulated. What it
# was first started with is remembered among its secrets; the environment says otherwise. Sourced from the project's top.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

export COMPOSE_PROJECT_NAME=${COMPOSE_PROJECT_NAME:-gallra}
GALLRA_SECRETS=$(realpath -m "${GALLRA_SECRETS:-deploy/secrets}")
export GALLRA_SECRETS
remembered=$GALLRA_SECRETS/settings
# shellcheck disable=SC1090
[ ! -f "$remembered" ] || source "$remembered"
export GALLRA_BIND=${GALLRA_BIND:-127.0.0.1} GALLRA_HTTPS_PORT=${GALLRA_HTTPS_PORT:-8443} GALLRA_NATS_PORT=${GALLRA_NATS_PORT:-4222}
export SIMULATED=${SIMULATED:-} KEY_SERVER=${KEY_SERVER:-} KEY_PREFIX=${KEY_PREFIX:-gallra}
# No container may have more than the machine has.
export GALLRA_CPUS=${GALLRA_CPUS:-$(nproc)}

# remember writes what is not the environment's to forget.
remember() {
	local name
	for name in GALLRA_BIND GALLRA_HTTPS_PORT GALLRA_NATS_PORT SIMULATED KEY_SERVER KEY_PREFIX; do
		printf '%s=${%s:-%q}\n' "$name" "$name" "${!name}"
	done >"$remembered"
}

# reachable is an address of this machine under which a published port is reached.
reachable() { case $GALLRA_BIND in 0.0.0.0 | ::) echo 127.0.0.1 ;; *) echo "$GALLRA_BIND" ;; esac; }

compose() { deploy/compose.sh "$@"; }
