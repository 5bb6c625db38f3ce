#!/bin/bash
# Builds docker's compose plugin from its Go module, for a machine that can get it nowhere else. Some minutes, once.
set -euo pipefail
version=v5.5.0
plugin=${DOCKER_CONFIG:-$HOME/.docker}/cli-plugins/docker-compose
module=github.com/docker/compose/v5

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
# The module has exclude directives, with which `go install` refuses to build it: it is built from a module around it.
export GOWORK=off GOFLAGS=-mod=mod
go mod init gallra.se/compose-plugin 2>/dev/null
echo "docker compose $version: getting its modules" >&2
go get "$module/cmd@$version" >go.log 2>&1 || { tail -n 20 go.log >&2; exit 1; }
echo "docker compose $version: building it" >&2
CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X $module/internal.Version=$version" -o docker-compose "$module/cmd"
mkdir -p "$(dirname "$plugin")"
mv docker-compose "$plugin"
docker compose version >&2
