-- To the operator: about which persons a contact is, and who of them is protected.
-- Random ids only. A tombstone remembers that it is one for appointed officers
-- alone. Short.
-- +goose Up
CREATE TABLE protected_person (
    authority text NOT NULL,
    person    uuid NOT NULL,
    PRIMARY KEY (authority, person)
);
ALTER TABLE contact ADD COLUMN persons uuid[]; -- as case-linker told them; null: nobody known
ALTER TABLE tombstone ADD COLUMN protected boolean NOT NULL DEFAULT false;
-- +goose Down
ALTER TABLE tombstone DROP COLUMN protected;
ALTER TABLE contact DROP COLUMN persons;
DROP TABLE protected_person;
