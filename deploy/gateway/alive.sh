#!/bin/bash
# The image has no HTTP client, but its shell speaks TCP.
exec 3<>/dev/tcp/127.0.0.1/8405
printf 'GET /livez HTTP/1.0\r\n\r\n' >&3
grep -q '200 OK' <&3
