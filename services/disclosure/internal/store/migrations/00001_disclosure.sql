-- Operator: creates the disclosure register. It names persons only by opaque ids and fields only by their names; no
-- value of any field is ever stored here. Safe to run while the previous version is still up.

-- +goose Up
CREATE TABLE disclosure (
    authority      text        NOT NULL,
    id             uuid        NOT NULL,
    recipient      text        NOT NULL,
    person         uuid,                    -- NULL: nobody was looked up, or nobody was found
    mode           text        NOT NULL,
    fields         text[]      NOT NULL,    -- released
    withheld       text[]      NOT NULL,    -- asked for and not released; only names that the policy knows
    purpose        text        NOT NULL,    -- a code
    law_ref        text        NOT NULL,
    decision       text        NOT NULL,    -- released, denied, no-data
    rule           text        NOT NULL,
    policy_version text        NOT NULL,
    requested_at   timestamptz NOT NULL,
    state          text        NOT NULL,    -- waiting, delivered, closed
    next_at        timestamptz,             -- business time of the next attempt, while waiting
    failing_since  timestamptz,
    attempts       integer     NOT NULL DEFAULT 0,
    PRIMARY KEY (authority, id)
);
CREATE INDEX disclosure_waiting ON disclosure (next_at) WHERE state = 'waiting';

CREATE TABLE disclosure_log (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    authority  text        NOT NULL,
    disclosure uuid        NOT NULL,
    kind       text        NOT NULL,        -- disclosure.granted, .denied, .noData, .delivered
    at         timestamptz NOT NULL,
    UNIQUE (authority, disclosure, kind)
);

-- +goose Down
DROP TABLE disclosure_log;
DROP TABLE disclosure;
