-- To the operator: stop all instances of the service first; the old binary does not find what the new one enters.
-- Units may hold a second key while what they sealed is re-wrapped (key_unit.fresh). Look-up entries lie in buckets
-- with a key each. An entry made before this migration is under the one key of before, and cannot be moved without the
-- value that it stands for: it is found as ever, and moves to a bucket when somebody looks for that value.
-- +goose Up

-- Which key database this is, so that its second medium is not taken for another's.
ALTER TABLE key_generation ADD COLUMN home uuid;

-- fresh is the newer of two keys, under the page key like wrapped; renewed counts the renewals. ended is the generation
-- in which the unit was destroyed, if that was after this migration.
ALTER TABLE key_unit ADD COLUMN fresh bytea, ADD COLUMN renewed integer NOT NULL DEFAULT 0, ADD COLUMN ended bigint,
    ADD CHECK (fresh IS NULL OR page IS NOT NULL);
ALTER TABLE key_unit SET (fillfactor = 85); -- each re-wrap of a page writes its units anew
CREATE INDEX key_unit_fresh ON key_unit (authority, unit) WHERE fresh IS NOT NULL;
CREATE INDEX key_unit_ended ON key_unit (ended) WHERE page IS NULL;

-- changed is the generation in which the page's key was replaced or a unit on it was made or changed; made_at (machine's
-- time) is that of the key that sorts into buckets.
ALTER TABLE key_page ADD COLUMN changed bigint NOT NULL DEFAULT 0, ADD COLUMN made_at timestamptz;

-- page is the bucket, sealed the fingerprint of the value under the bucket's key, changed the generation of the entry.
-- Entries of before this migration have neither page nor sealed.
ALTER TABLE key_lookup DROP COLUMN bucket, ADD COLUMN page uuid, ADD COLUMN sealed bytea, ADD COLUMN changed bigint NOT NULL DEFAULT 0,
    ADD CHECK ((page IS NULL) = (sealed IS NULL));
CREATE INDEX key_lookup_page ON key_lookup (page, changed);
-- +goose Down
DELETE FROM key_lookup WHERE page IS NOT NULL;
ALTER TABLE key_lookup DROP COLUMN page, DROP COLUMN sealed, DROP COLUMN changed, ADD COLUMN bucket integer NOT NULL DEFAULT 0;
ALTER TABLE key_page DROP COLUMN changed, DROP COLUMN made_at;
ALTER TABLE key_unit RESET (fillfactor);
ALTER TABLE key_unit DROP COLUMN fresh, DROP COLUMN renewed, DROP COLUMN ended;
ALTER TABLE key_generation DROP COLUMN home;
