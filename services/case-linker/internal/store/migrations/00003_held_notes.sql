-- To the operator: a note that alone is held gets a unit of its own. Short.
-- +goose Up
ALTER TABLE note_unit ADD COLUMN note uuid; -- the only one that goes with it; null: all of the share's category
ALTER TABLE note_unit DROP CONSTRAINT note_unit_authority_share_category_key;
CREATE UNIQUE INDEX note_unit_category ON note_unit (authority, share, category) WHERE note IS NULL;
CREATE UNIQUE INDEX note_unit_note ON note_unit (authority, share, note) WHERE note IS NOT NULL;
-- +goose Down
DELETE FROM note_unit WHERE note IS NOT NULL;
DROP INDEX note_unit_note;
DROP INDEX note_unit_category;
ALTER TABLE note_unit ADD UNIQUE (authority, share, category);
ALTER TABLE note_unit DROP COLUMN note;
