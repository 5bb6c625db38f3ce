-- Operator: who is protected, by random id. A request about a protected person that waits for an appointed officer is in the
-- register with decision and state "held". Safe to run while the previous version is still up.

-- +goose Up
CREATE TABLE protected_person (
    authority text NOT NULL,
    person    uuid NOT NULL,
    PRIMARY KEY (authority, person)
);
ALTER TABLE disclosure ADD COLUMN protected boolean NOT NULL DEFAULT false; -- it was when it was decided

-- +goose Down
ALTER TABLE disclosure DROP COLUMN protected;
DROP TABLE protected_person;
