-- To the operator: persons, cases, shares and notes. Everything personal is in `content`, encrypted under the key of the
-- row's disposal unit (person, or share of a case); the rest is random ids, dates and codes. Tombstones stay 25 years.
-- +goose Up
CREATE TABLE person (
    authority       text        NOT NULL,
    person          uuid        NOT NULL, -- also its disposal unit and its record
    registered_on   date        NOT NULL,
    deregistered_on date,
    due_at          timestamptz,
    intended        boolean     NOT NULL DEFAULT false,
    content         bytea       NOT NULL,
    commitment      bytea       NOT NULL,
    PRIMARY KEY (authority, person)
);
CREATE TABLE registration (
    authority text NOT NULL,
    person    uuid NOT NULL,
    n         int  NOT NULL,
    from_on   date NOT NULL,
    until_on  date,
    PRIMARY KEY (authority, person, n),
    FOREIGN KEY (authority, person) REFERENCES person (authority, person) ON DELETE CASCADE
);
CREATE TABLE case_file (
    authority  text        NOT NULL,
    case_id    uuid        NOT NULL,
    file       uuid        NOT NULL,
    number_mac bytea       NOT NULL,
    case_type  text        NOT NULL,
    opened_at  timestamptz NOT NULL,
    closed_on  date,
    PRIMARY KEY (authority, case_id),
    UNIQUE (authority, number_mac)
);
CREATE TABLE case_closing (
    authority   text        NOT NULL,
    case_id     uuid        NOT NULL,
    n           int         NOT NULL,
    decided_at  timestamptz NOT NULL,
    closed_from timestamptz NOT NULL, -- the decision's own time, or 00:00 of an effective day ahead of it
    closed_on   date        NOT NULL,
    reopened_at timestamptz,
    PRIMARY KEY (authority, case_id, n),
    FOREIGN KEY (authority, case_id) REFERENCES case_file (authority, case_id) ON DELETE CASCADE
);
CREATE TABLE share (
    authority  text    NOT NULL,
    share      uuid    NOT NULL, -- also its disposal unit
    case_id    uuid    NOT NULL,
    person     uuid    NOT NULL,
    due_at     timestamptz,
    intended   boolean NOT NULL DEFAULT false,
    content    bytea   NOT NULL,
    commitment bytea   NOT NULL,
    PRIMARY KEY (authority, share),
    UNIQUE (authority, case_id, person)
);
CREATE INDEX share_person ON share (authority, person);
CREATE TABLE note (
    authority  text        NOT NULL,
    note       uuid        NOT NULL,
    share      uuid        NOT NULL,
    contact    uuid,
    noted_at   timestamptz NOT NULL,
    content    bytea       NOT NULL,
    commitment bytea       NOT NULL,
    PRIMARY KEY (authority, note)
);
CREATE INDEX note_share ON note (authority, share);
CREATE TABLE command (
    authority   text  NOT NULL,
    source_mac  bytea NOT NULL,
    unit        uuid  NOT NULL,
    fingerprint bytea, -- under the unit's key; null once that is gone
    answer      jsonb NOT NULL,
    PRIMARY KEY (authority, source_mac)
);
CREATE INDEX command_unit ON command (authority, unit);
CREATE TABLE intent (
    authority      text        NOT NULL,
    unit           uuid        NOT NULL,
    person         uuid        NOT NULL,
    rule           text        NOT NULL,
    trigger        text        NOT NULL,
    due_on         date        NOT NULL,
    due_at         timestamptz NOT NULL,
    policy_version text        NOT NULL,
    PRIMARY KEY (authority, unit)
);
CREATE TABLE unit_hold (
    authority text NOT NULL,
    unit      uuid NOT NULL,
    hold      uuid NOT NULL,
    PRIMARY KEY (authority, unit, hold)
);
CREATE TABLE tombstone (
    authority  text  NOT NULL,
    id         uuid  NOT NULL,
    number_mac bytea,
    PRIMARY KEY (authority, id)
);
CREATE UNIQUE INDEX tombstone_number ON tombstone (authority, number_mac) WHERE number_mac IS NOT NULL;
CREATE TABLE counter (
    authority text   NOT NULL,
    name      text   NOT NULL,
    slot      int    NOT NULL, -- spreads writers over rows
    n         bigint NOT NULL,
    PRIMARY KEY (authority, name, slot)
);
CREATE TABLE peer_key (
    service text  PRIMARY KEY,
    key_id  text  NOT NULL,
    public  bytea NOT NULL
);
-- +goose Down
DROP TABLE peer_key, counter, tombstone, unit_hold, intent, command, note, share, case_closing, case_file, registration, person;
