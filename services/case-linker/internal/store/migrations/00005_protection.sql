-- To the operator: protected persons, and what each recipient may have of them. That there is a row is all that can be read
-- here; which protection it is and which fields were agreed is encrypted under the person's key. Tombstones remember for
-- whom the record was. Short.
-- +goose Up
CREATE TABLE protected_person (
    authority text  NOT NULL,
    person    uuid  NOT NULL,
    content   bytea NOT NULL,
    PRIMARY KEY (authority, person)
);
CREATE TABLE protection_plan (
    authority text  NOT NULL,
    person    uuid  NOT NULL,
    recipient text  NOT NULL, -- a code
    content   bytea NOT NULL,
    PRIMARY KEY (authority, person, recipient),
    FOREIGN KEY (authority, person) REFERENCES protected_person (authority, person) ON DELETE CASCADE
);
ALTER TABLE tombstone ADD COLUMN protected boolean NOT NULL DEFAULT false; -- it is one for appointed officers alone
-- +goose Down
ALTER TABLE tombstone DROP COLUMN protected;
DROP TABLE protection_plan, protected_person;
