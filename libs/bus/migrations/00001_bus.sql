-- To the operator: how far this service has read each stream, which events it has seen (kept 16 days), and
-- which it had to set aside. Parked payloads are as in the stream: ids and codes, or sealed.
-- +goose Up
CREATE TABLE bus_position (
    stream      text   NOT NULL,
    incarnation text   NOT NULL,
    partition   int    NOT NULL,
    seq         bigint NOT NULL,
    PRIMARY KEY (stream, incarnation, partition)
) WITH (fillfactor = 50);
CREATE TABLE bus_inbox (
    event   uuid        PRIMARY KEY,
    seen_at timestamptz NOT NULL
);
CREATE INDEX bus_inbox_seen ON bus_inbox (seen_at);
CREATE TABLE bus_parked (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key       text        NOT NULL,
    event     uuid        NOT NULL UNIQUE,
    stream    text        NOT NULL,
    type      text        NOT NULL,
    payload   bytea       NOT NULL,
    reason    text        NOT NULL,
    parked_at timestamptz NOT NULL
);
CREATE INDEX bus_parked_key ON bus_parked (key);
-- +goose Down
DROP TABLE bus_parked;
DROP TABLE bus_inbox;
DROP TABLE bus_position;
