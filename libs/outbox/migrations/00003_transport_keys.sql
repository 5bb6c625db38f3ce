-- To the operator: which transport key an event's box is sealed to, so that its receiver can see that it has all of them
-- before it destroys the key. Rows of before are given theirs now, which takes a while with many; end the instances of
-- before this migration first, as they write rows without.
-- +goose Up
ALTER TABLE outbox ADD key_id text;
UPDATE outbox SET key_id = convert_from(payload, 'UTF8')::json ->> 'keyid' WHERE position('"keyid"'::bytea IN payload) > 0;

-- A key that this service seals to: rows under it have ids above since, and from closed_at (machine's time) on no
-- more are written; upto is known once all transactions of before have ended. Keys of before name no receiver: whose
-- they are shows when it asks.
CREATE TABLE outbox_transport_key (
    key_id    text   PRIMARY KEY,
    receiver  text,
    since     bigint NOT NULL,
    upto      bigint,
    closed_at timestamptz
);
INSERT INTO outbox_transport_key (key_id, since) SELECT key_id, min(id) - 1 FROM outbox WHERE key_id IS NOT NULL GROUP BY key_id;
-- +goose Down
DROP TABLE outbox_transport_key;
ALTER TABLE outbox DROP key_id;
