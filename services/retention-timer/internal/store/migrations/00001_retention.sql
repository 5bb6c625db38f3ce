-- To the operator: every clock of the system. Opaque ids, codes and dates only; nothing here names a person. Facts go with
-- the units they explain; a disposed unit leaves its id, rule and date, so that a late event cannot bring it back.
-- +goose Up
CREATE TABLE person_fact (
    authority       text    NOT NULL,
    person          uuid    NOT NULL,
    registered_on   date,
    deregistered_on date, -- NULL while registered
    identity_gone   boolean NOT NULL DEFAULT false,
    PRIMARY KEY (authority, person)
);
CREATE TABLE share_fact (
    authority text NOT NULL,
    unit      uuid NOT NULL,
    person    uuid NOT NULL,
    case_id   uuid NOT NULL,
    opened_on date NOT NULL,
    closed_on date, -- NULL while open
    PRIMARY KEY (authority, unit)
);
CREATE INDEX share_fact_person ON share_fact (authority, person);
CREATE TABLE unit (
    authority      text NOT NULL,
    unit           uuid NOT NULL,
    holder         text NOT NULL,
    kind           text NOT NULL CHECK (kind IN ('contact', 'identity', 'share')),
    key            text NOT NULL, -- partition key of its events: contact or person
    partition      int  NOT NULL,
    person         uuid,
    case_id        uuid,
    state          text NOT NULL CHECK (state IN ('idle', 'running', 'due', 'disposed')),
    rule           text NOT NULL DEFAULT '',
    trigger        text NOT NULL DEFAULT '',
    due_on         date,
    due_at         timestamptz,
    claim_at       timestamptz, -- when the sweep may take it: due_at, later after a holder declined
    held           boolean NOT NULL DEFAULT false, -- a hold covers it; changed in the hold's own transaction
    not_before     date,        -- set when a hold is released after the last day
    bound_at       timestamptz, -- 00:00 after the last day by law
    bound_alarm    boolean NOT NULL DEFAULT false,
    policy_version text NOT NULL DEFAULT '',
    declined       text NOT NULL DEFAULT '',
    PRIMARY KEY (authority, unit)
) WITH (fillfactor = 60);
CREATE INDEX unit_claim ON unit (claim_at) WHERE state = 'running';
CREATE INDEX unit_bound ON unit (bound_at) WHERE state <> 'disposed' AND NOT bound_alarm;
CREATE INDEX unit_person ON unit (authority, person) WHERE person IS NOT NULL;
CREATE INDEX unit_case ON unit (authority, case_id) WHERE case_id IS NOT NULL;
CREATE TABLE clock (
    authority text NOT NULL,
    unit      uuid NOT NULL,
    rule      text NOT NULL,
    trigger   text NOT NULL,
    d0        date NOT NULL,
    period    text NOT NULL,
    mode      text NOT NULL,
    e         date NOT NULL,
    due_on    date NOT NULL,
    state     text NOT NULL CHECK (state IN ('running', 'cancelled')),
    PRIMARY KEY (authority, unit, rule)
) WITH (fillfactor = 70);
CREATE TABLE record (
    authority text NOT NULL,
    record    uuid NOT NULL,
    unit      uuid NOT NULL,
    PRIMARY KEY (authority, record, unit)
);
CREATE INDEX record_unit ON record (authority, unit);
CREATE TABLE hold (
    authority   text        NOT NULL,
    hold        uuid        NOT NULL,
    scope       text        NOT NULL CHECK (scope IN ('record', 'case', 'person')),
    target      uuid        NOT NULL,
    reason      text        NOT NULL,
    placed_at   timestamptz NOT NULL,
    review_at   timestamptz NOT NULL,
    released_at timestamptz,
    PRIMARY KEY (authority, hold)
);
CREATE UNIQUE INDEX hold_active ON hold (authority, target, scope, reason) WHERE released_at IS NULL;
CREATE TABLE watermark (
    stream    text        NOT NULL,
    partition int         NOT NULL,
    service   text        NOT NULL,
    at        timestamptz NOT NULL,
    PRIMARY KEY (stream, partition)
) WITH (fillfactor = 50);
CREATE TABLE alarm (
    authority text        NOT NULL, -- 'all' where it concerns every authority
    name      text        NOT NULL,
    subject   text        NOT NULL, -- a unit or a service
    raised_at timestamptz NOT NULL,
    PRIMARY KEY (authority, name, subject)
);
CREATE TABLE tally (
    authority text   NOT NULL,
    rule      text   NOT NULL,
    disposed  bigint NOT NULL, -- records
    PRIMARY KEY (authority, rule)
);
-- +goose Down
DROP TABLE tally;
DROP TABLE alarm;
DROP TABLE watermark;
DROP TABLE hold;
DROP TABLE record;
DROP TABLE clock;
DROP TABLE unit;
DROP TABLE share_fact;
DROP TABLE person_fact;
