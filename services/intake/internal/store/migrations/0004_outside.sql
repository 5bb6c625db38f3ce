-- To the operator: what the doors beside the contact line keep. web_figure holds counts that name nobody and cannot be
-- joined; login_statement remembers for as long as a login's statement is valid that it was used. A contact that was kept
-- with a consent remembers the day on which that was withdrawn.
-- +goose Up
ALTER TABLE contact ADD COLUMN withdrawn_on date;

CREATE TABLE web_figure (
    authority text     NOT NULL,
    day       date     NOT NULL,
    what      text     NOT NULL, -- seen, followed
    page      text     NOT NULL,
    browser   text     NOT NULL,
    device    text     NOT NULL,
    n         bigint   NOT NULL,
    PRIMARY KEY (authority, day, what, page, browser, device)
);

CREATE TABLE login_statement (
    authority text        NOT NULL,
    statement bytea       NOT NULL, -- HMAC of the issuer's name and the statement's id
    source    bytea       NOT NULL, -- HMAC of the id of the login that used it
    until     timestamptz NOT NULL, -- machine's time: it is refused as expired from then on
    PRIMARY KEY (authority, statement)
);
CREATE INDEX login_statement_until ON login_statement (until);
-- +goose Down
ALTER TABLE contact DROP COLUMN withdrawn_on;
DROP TABLE login_statement;
DROP TABLE web_figure;
