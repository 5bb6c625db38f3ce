-- To the operator: mailings with what their receivers were chosen by, objections to them, and the companies that process
-- data for an authority. Who received or objected is in no row: an objection is found by a look-up of the key database.
-- +goose Up
CREATE TABLE campaign (
    authority  text        NOT NULL,
    name       text        NOT NULL, -- a code; openings and clicks name it
    id         uuid        NOT NULL,
    title      text        NOT NULL,
    audience   text        NOT NULL,
    inputs     text[]      NOT NULL,
    recipients integer     NOT NULL,
    left_out   integer[]   NOT NULL, -- places in the list as it was given
    sent_at    timestamptz NOT NULL,
    PRIMARY KEY (authority, name)
);
CREATE TABLE objection (
    authority text        NOT NULL,
    id        uuid        NOT NULL, -- of the unit too, under which the look-up lives
    made_at   timestamptz NOT NULL,
    PRIMARY KEY (authority, id)
);
CREATE TABLE processor (
    authority    text        NOT NULL,
    name         text        NOT NULL,
    service      text        NOT NULL,
    country      text        NOT NULL,
    secrecy      boolean     NOT NULL,
    dedicated    boolean     NOT NULL,
    activated_at timestamptz NOT NULL,
    PRIMARY KEY (authority, name)
);
-- +goose Down
DROP TABLE processor;
DROP TABLE objection;
DROP TABLE campaign;
