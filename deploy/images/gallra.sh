#!/bin/bash
# gallra: bin/gallra on an empty image. Prints the image's name.
source "$(dirname "$0")/lib.sh"

image=gallra:$(content bin/gallra deploy/Dockerfile .dockerignore </dev/null)
there "$image" || patiently "gallra" docker build -f deploy/Dockerfile --target prebuilt -t "$image" .
named gallra "$image"
echo "$image"
