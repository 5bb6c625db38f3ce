-- To the operator: a line of the register names nobody once the person's identity is disposed of. Lines about persons who went
-- before this migration keep their random id. Safe to run while the previous version is still up.

-- +goose Up
ALTER TABLE disclosure ADD COLUMN gone boolean NOT NULL DEFAULT false; -- the person is; what waits forgets her when it has ended
CREATE INDEX disclosure_person ON disclosure (authority, person) WHERE person IS NOT NULL;

-- +goose Down
DROP INDEX disclosure_person;
ALTER TABLE disclosure DROP COLUMN gone;
