-- To the operator: a unit that a record has parted from gets a new key with the next disposal, so that no copy made before opens
-- the record. `parting` lists those that wait for it; `key_number` says under which of a unit's keys its rows are. Short.
-- +goose Up
CREATE TABLE parting (
    authority text   NOT NULL,
    unit      uuid   NOT NULL, -- that something has parted from
    n         bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (authority, unit, n)
);
ALTER TABLE share ADD COLUMN key_number int NOT NULL DEFAULT 0;     -- how often its unit was renewed when its rows were last re-wrapped
ALTER TABLE note_unit ADD COLUMN key_number int NOT NULL DEFAULT 0;
-- +goose Down
ALTER TABLE note_unit DROP COLUMN key_number;
ALTER TABLE share DROP COLUMN key_number;
DROP TABLE parting;
