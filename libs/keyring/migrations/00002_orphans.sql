-- To the operator: when a unit was made (machine's time), so that a key whose row
-- never came is found and destroyed after an hour. Units made before this
-- migration bear no time and are left alone.
-- +goose Up
ALTER TABLE key_unit ADD COLUMN made_at timestamptz;
CREATE INDEX key_unit_made ON key_unit (made_at) WHERE page IS NOT NULL;

-- Units made until then have been looked at.
CREATE TABLE key_sweep (
    one   boolean     PRIMARY KEY DEFAULT true CHECK (one),
    until timestamptz NOT NULL
);
-- +goose Down
DROP TABLE key_sweep;
DROP INDEX key_unit_made;
ALTER TABLE key_unit DROP COLUMN made_at;
