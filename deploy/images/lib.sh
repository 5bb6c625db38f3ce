# What the image scripts share: names by content, and progress. Sourced, not run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# The engine's own builder needs no plugin, and every engine has it.
export DOCKER_BUILDKIT=0

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# content names what files hold, and what more is given on the standard input.
content() { { sha256sum "$@"; [ -t 0 ] || cat; } | sha256sum | cut -c1-12; }

# there says that an image is built already; FRESH=1 builds all anew.
there() { [ -z "${FRESH:-}" ] && docker image inspect "$1" >/dev/null 2>&1; }

# patiently LABEL COMMAND…: its output is shown only when it fails, a dot every five seconds until then.
patiently() {
	local label=$1 log began=$SECONDS
	shift
	log=$(mktemp)
	printf '%s ' "$label" >&2
	"$@" >"$log" 2>&1 </dev/null &
	local job=$!
	while kill -0 "$job" 2>/dev/null; do
		sleep 1
		((++tick % 5)) || printf . >&2
	done
	if ! wait "$job"; then
		say "failed:"
		tail -n 40 "$log" >&2
		rm -f "$log"
		return 1
	fi
	rm -f "$log"
	say " $((SECONDS - began)) s"
}
tick=0

# named NAME IMAGE gives an image its everyday name and lets go of older contents that no container uses.
named() {
	docker tag "$2" "$1:latest"
	docker image ls --format '{{.Repository}}:{{.Tag}}' "$1" | grep -E '[:-][0-9a-f]{12}$' | while read -r old; do
		[ "$old" = "$2" ] || docker image rm "$old" >/dev/null 2>&1 || true
	done
}
