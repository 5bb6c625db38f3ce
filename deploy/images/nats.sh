#!/bin/bash
# gallra-nats: the nats-server of the version that gallra itself is built with, from its Go module, and busybox's wget
# for the health check. Prints the image's name.
source "$(dirname "$0")/lib.sh"

version=$(go -C services/gallra list -m -f '{{.Version}}' github.com/nats-io/nats-server/v2)
image=gallra-nats:${version#v}-$(echo "$version" | content deploy/images/nats.sh deploy/images/nats.Dockerfile)

build() {
	local context
	context=$(mktemp -d)
	trap 'rm -rf "$context"' RETURN
	GOBIN=$context CGO_ENABLED=0 GOFLAGS=-trimpath go install -ldflags "-s -w" "github.com/nats-io/nats-server/v2@$version"
	(cd "$context" && apt-get download busybox-static && dpkg-deb -x busybox-static_*.deb .)
	mkdir "$context/empty"
	docker build -f deploy/images/nats.Dockerfile -t "$image" "$context"
}

there "$image" || patiently "gallra-nats $version" build
named gallra-nats "$image"
echo "$image"
