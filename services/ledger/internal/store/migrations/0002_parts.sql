-- To the operator: a record about several persons goes in parts, and each part has a receipt of its own, told from the
-- others by its commitment. Only an index of the leaves is made anew.
-- +goose Up
ALTER TABLE leaf DROP CONSTRAINT leaf_record_kind_key;
CREATE UNIQUE INDEX leaf_once ON leaf (record, kind, coalesce(substring(text FROM E'\ncommitment: ([^\n]+)'), ''));
-- +goose Down
DROP INDEX leaf_once;
ALTER TABLE leaf ADD UNIQUE (record, kind);
