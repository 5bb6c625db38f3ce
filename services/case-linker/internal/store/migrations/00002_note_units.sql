-- To the operator: a note may be about several persons (one row for each, under that person's key) and may go at another
-- time than its share: working material and preserved documents have units of their own. The table of notes is written
-- anew once; nothing else takes long.
-- +goose Up
ALTER TABLE share ADD COLUMN kind text NOT NULL DEFAULT 'registered'; -- registered, applicant, or case: the case's own
ALTER TABLE share ADD COLUMN number_mac bytea; -- of an applicant's number, under the key of the case's own share
CREATE UNIQUE INDEX share_applicant ON share (authority, case_id, number_mac) WHERE number_mac IS NOT NULL;
CREATE TABLE note_unit (
    authority text    NOT NULL,
    unit      uuid    NOT NULL,
    share     uuid    NOT NULL, -- that the notes belong to; it may go first
    case_id   uuid    NOT NULL,
    person    uuid    NOT NULL,
    category  text    NOT NULL,
    case_type text    NOT NULL, -- of the case, which may go first too
    due_at    timestamptz,
    intended  boolean NOT NULL DEFAULT false,
    PRIMARY KEY (authority, unit),
    UNIQUE (authority, share, category)
);
CREATE INDEX note_unit_case ON note_unit (authority, case_id);
ALTER TABLE note ADD COLUMN unit uuid; -- of its own; null: the share's
ALTER TABLE note ADD COLUMN goes_with uuid GENERATED ALWAYS AS (coalesce(unit, share)) STORED;
ALTER TABLE note ADD COLUMN category text NOT NULL DEFAULT 'case.note';
ALTER TABLE note DROP CONSTRAINT note_pkey;
ALTER TABLE note ADD PRIMARY KEY (authority, note, share);
CREATE INDEX note_goes_with ON note (authority, goes_with);
-- +goose Down
DELETE FROM note WHERE unit IS NOT NULL;
DROP INDEX note_goes_with;
ALTER TABLE note DROP CONSTRAINT note_pkey;
ALTER TABLE note ADD PRIMARY KEY (authority, note);
ALTER TABLE note DROP COLUMN category, DROP COLUMN goes_with, DROP COLUMN unit;
DROP TABLE note_unit;
DROP INDEX share_applicant;
ALTER TABLE share DROP COLUMN number_mac, DROP COLUMN kind;
