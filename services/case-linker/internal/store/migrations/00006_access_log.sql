-- To the operator: who has read which record, why and when, and what each week's review found. An entry goes with the
-- person whom it is about; one about nobody known goes with its record, or with the review of its week. Staff are opaque
-- here; their account names are encrypted under keys of their own. Short.
-- +goose Up
CREATE TABLE staff (
    authority   text  NOT NULL,
    staff       uuid  NOT NULL, -- also its disposal unit
    account_mac bytea NOT NULL,
    content     bytea NOT NULL,
    PRIMARY KEY (authority, staff),
    UNIQUE (authority, account_mac)
);
CREATE TABLE access_entry (
    authority text        NOT NULL,
    entry     uuid        NOT NULL,
    person    uuid        NOT NULL, -- the nil id where nobody is known
    at        timestamptz NOT NULL,
    staff     uuid        NOT NULL,
    role      text        NOT NULL,
    record    uuid        NOT NULL,
    category  text        NOT NULL,
    action    text        NOT NULL,
    purpose   text        NOT NULL,
    outcome   text        NOT NULL,
    signs     text[]      NOT NULL,
    PRIMARY KEY (authority, entry, person)
);
CREATE INDEX access_person ON access_entry (authority, person, at);
CREATE INDEX access_at ON access_entry (authority, at);
CREATE INDEX access_record ON access_entry (authority, record);
CREATE TABLE access_review (
    authority text  NOT NULL,
    week_on   date  NOT NULL, -- its Monday
    findings  jsonb NOT NULL, -- counts by opaque staff id
    PRIMARY KEY (authority, week_on)
);
-- +goose Down
DROP TABLE access_review, access_entry, staff;
