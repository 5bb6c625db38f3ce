FROM scratch
COPY nats-server /usr/local/bin/nats-server
COPY bin/busybox /usr/bin/wget
COPY --chown=10001:10001 empty /data
USER 10001:10001
ENTRYPOINT ["nats-server"]
