# Says in words what docker lacks. Sourced after settings.sh.
command -v docker >/dev/null || die "docker is missing. On Debian: sudo apt-get install -y docker.io"
docker version >/dev/null 2>&1 || die "No docker engine answers: $(docker version 2>&1 >/dev/null | tail -n 1)"
docker compose version >/dev/null 2>&1 || die "docker has no compose plugin: deploy/compose-plugin.sh builds it from its Go module in some minutes"
