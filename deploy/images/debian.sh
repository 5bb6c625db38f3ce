#!/bin/bash
# gallra-debian: a small Debian 12 from the packages that this machine's apt gets, without a registry. What is built upon
# it takes packages from the same places. Prints the image's name.
source "$(dirname "$0")/lib.sh"
suite=bookworm

# place SUITE: where this machine's apt gets it.
place() {
	apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
		awk -v suite="$1" '$1 == suite && $2 == "main" { print $3; exit }'
}

sources() {
	local at of
	for of in $suite $suite-updates $suite-security; do
		at=$(place "$of")
		[ -z "$at" ] || echo "deb $at $of main"
	done
}

build() {
	local tree
	tree=$(mktemp -d)
	trap 'rm -rf "$tree"' RETURN
	# Without a place of this machine's, debootstrap knows Debian's own.
	# shellcheck disable=SC2046
	debootstrap --variant=minbase --include=ca-certificates "$suite" "$tree" $(place "$suite")
	[ -z "$sources" ] || echo "$sources" >"$tree/etc/apt/sources.list"
	cp deploy/images/slim.dpkg "$tree/etc/dpkg/dpkg.cfg.d/slim"
	rm -rf "$tree"/var/lib/apt/lists/* "$tree"/var/cache/apt/* "$tree"/var/log/* "$tree"/usr/share/{doc,man,info,locale}/*
	tar -C "$tree" --numeric-owner -c . | docker import - "$image"
}

sources=$(sources)
image=gallra-debian:$(echo "$sources" | content deploy/images/debian.sh deploy/images/slim.dpkg)
if ! there "$image"; then
	[ "$(id -u)" = 0 ] || die "The Debian that the database and the gateway stand on is made by debootstrap, which needs root: sudo make images"
	if ! command -v debootstrap >/dev/null; then
		command -v apt-get >/dev/null || die "debootstrap is missing: install it"
		apt-get update -qq
		patiently "debootstrap" apt-get install -y -qq --no-install-recommends debootstrap
	fi
	patiently "gallra-debian $suite, about a minute" build
fi
named gallra-debian "$image"
echo "$image"
