-- To the operator: data keys of records whose unit has a new key, or that have parted from their unit, under the key that they
-- live under now, so that a data backup of before still reads what lives. They die with that unit. Short.
-- +goose Up
CREATE TABLE key_heir (
    authority text  NOT NULL,
    unit      uuid  NOT NULL, -- whose key opens box
    id        bytea NOT NULL, -- SHA-256 of the data key as it was wrapped before
    record    uuid  NOT NULL,
    box       bytea NOT NULL,
    PRIMARY KEY (authority, unit, id)
);
CREATE INDEX key_heir_id ON key_heir (id);
CREATE INDEX key_heir_record ON key_heir (authority, unit, record);
-- +goose Down
DROP TABLE key_heir;
