-- To the operator: events written with the state changes that they tell of. Rows stay 15 days after they
-- were sent, longer than any stream keeps them, so that a lost stream can be published again.
-- +goose Up
CREATE TABLE outbox_aggregate (
    key     text   PRIMARY KEY,
    version bigint NOT NULL
) WITH (fillfactor = 70);
CREATE TABLE outbox (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event   uuid        NOT NULL,
    subject text        NOT NULL,
    payload bytea       NOT NULL,
    sent_at timestamptz
);
CREATE INDEX outbox_unsent ON outbox (id) WHERE sent_at IS NULL;
-- +goose Down
DROP TABLE outbox;
DROP TABLE outbox_aggregate;
