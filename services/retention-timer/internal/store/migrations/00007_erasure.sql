-- To the operator: orders to erase records before their period has ended. Random ids, dates and codes only: which records an order
-- still takes, and which a rule keeps from it, until they are gone; the order itself stays, as a tombstone does. Notes that were
-- stored before count as notes, also where they are finished documents: their holder knows better. Short.
-- +goose Up
CREATE TABLE erasure (
    authority      text        NOT NULL,
    erasure        uuid        NOT NULL,
    scope          text        NOT NULL CHECK (scope IN ('record', 'case', 'person')),
    target         uuid        NOT NULL,
    ground         text        NOT NULL, -- a code of the pack
    rule           text        NOT NULL, -- requirement of the ground
    policy_version text        NOT NULL,
    ordered_on     date        NOT NULL,
    ordered_at     timestamptz NOT NULL,
    done_at        timestamptz,          -- nothing is left of what it takes
    disposed       int         NOT NULL DEFAULT 0, -- records
    protected      boolean     NOT NULL DEFAULT false, -- it was about somebody protected
    PRIMARY KEY (authority, erasure)
);
CREATE UNIQUE INDEX erasure_open ON erasure (authority, target, scope) WHERE done_at IS NULL;
CREATE INDEX erasure_target ON erasure (authority, target, scope);
CREATE TABLE erasure_record (
    authority text NOT NULL,
    erasure   uuid NOT NULL,
    record    uuid NOT NULL,
    unit      uuid NOT NULL, -- that it goes with at present
    kept      text NOT NULL, -- requirement for which the order does not take it; '': it does
    PRIMARY KEY (authority, erasure, record, unit),
    FOREIGN KEY (authority, erasure) REFERENCES erasure (authority, erasure)
);
CREATE INDEX erasure_record_unit ON erasure_record (authority, unit);
ALTER TABLE unit ADD COLUMN erase_rule text NOT NULL DEFAULT '', -- somebody has ordered its erasure
    ADD COLUMN erase_on date,
    ADD COLUMN erase_at timestamptz,
    ADD COLUMN alone boolean NOT NULL DEFAULT false; -- of one record that has parted from the others
ALTER TABLE record ADD COLUMN category text NOT NULL DEFAULT ''; -- where it is not that of its unit
-- +goose Down
ALTER TABLE record DROP COLUMN category;
ALTER TABLE unit DROP COLUMN alone, DROP COLUMN erase_at, DROP COLUMN erase_on, DROP COLUMN erase_rule;
DROP TABLE erasure_record, erasure;
