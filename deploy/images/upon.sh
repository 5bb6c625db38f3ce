#!/bin/bash
# upon.sh NAME BASE: gallra-NAME, built from NAME.Dockerfile upon BASE. Prints the image's name.
source "$(dirname "$0")/lib.sh"
name=$1 base=$2
image=gallra-$name:$(echo "$base" | content deploy/images/"$name"[.-]* deploy/images/upon.sh)

# The packages come from where this machine gets its own: through its network.
there "$image" || patiently "gallra-$name" \
	docker build --network host --build-arg "BASE=$base" -f "deploy/images/$name.Dockerfile" -t "$image" deploy/images
named "gallra-$name" "$image"
echo "$image"
