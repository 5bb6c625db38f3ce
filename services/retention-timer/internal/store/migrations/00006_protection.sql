-- To the operator: who is protected, whose a contact is, and which units are hidden from everybody who is not appointed. Random
-- ids only. Short.
-- +goose Up
CREATE TABLE protected_person (
    authority text NOT NULL,
    person    uuid NOT NULL,
    PRIMARY KEY (authority, person)
);
CREATE TABLE contact_person (
    authority text NOT NULL,
    record    uuid NOT NULL, -- of the contact; goes with it
    person    uuid NOT NULL,
    PRIMARY KEY (authority, record, person)
);
CREATE INDEX contact_person_person ON contact_person (authority, person);
ALTER TABLE unit ADD COLUMN protected boolean NOT NULL DEFAULT false; -- disposed of, and hidden when it was
CREATE INDEX unit_protected ON unit (authority, unit) WHERE protected;
ALTER TABLE hold ADD COLUMN blind boolean NOT NULL DEFAULT false; -- placed by somebody from whom its target is hidden
CREATE VIEW hidden_unit AS
    SELECT u.authority, u.unit FROM protected_person AS p JOIN unit AS u ON u.authority = p.authority AND u.person = p.person
    UNION
    SELECT o.authority, o.unit FROM protected_person AS p JOIN unit AS u ON u.authority = p.authority AND u.person = p.person
        JOIN unit AS o ON o.authority = u.authority AND o.case_id = u.case_id
    UNION
    SELECT r.authority, r.unit FROM protected_person AS p JOIN contact_person AS c ON c.authority = p.authority AND c.person = p.person
        JOIN record AS r ON r.authority = c.authority AND r.record = c.record
    UNION
    SELECT authority, unit FROM unit WHERE protected;
-- +goose Down
DROP VIEW hidden_unit;
ALTER TABLE hold DROP COLUMN blind;
ALTER TABLE unit DROP COLUMN protected;
DROP TABLE contact_person, protected_person;
