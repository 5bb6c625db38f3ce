-- To the operator: when a transport key was made (business time; none for keys of before, which are retired at once),
-- when it was retired (machine's time), and whether all that was sealed to it has been applied, so that it may go.
-- +goose Up
ALTER TABLE key_transport
    ADD made_at    timestamptz,
    ADD retired_at timestamptz,
    ADD settled    boolean NOT NULL DEFAULT false;
-- +goose Down
ALTER TABLE key_transport DROP made_at, DROP retired_at, DROP settled;
