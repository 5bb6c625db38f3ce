-- To the operator: who handles a case (kept until its last note is gone), and what of a recruitment a processor was given
-- (goes with the case). Short.
-- +goose Up
CREATE TABLE case_officer (
    authority text        NOT NULL,
    case_id   uuid        NOT NULL,
    officer   uuid        NOT NULL, -- made of the account's HMAC
    since     timestamptz NOT NULL,
    PRIMARY KEY (authority, case_id, officer)
);
CREATE TABLE transfer (
    authority text        NOT NULL,
    transfer  uuid        NOT NULL,
    case_id   uuid        NOT NULL,
    person    uuid        NOT NULL,
    processor text        NOT NULL, -- one of the pack's
    kind      text        NOT NULL,
    made_at   timestamptz NOT NULL,
    PRIMARY KEY (authority, transfer),
    FOREIGN KEY (authority, case_id) REFERENCES case_file (authority, case_id) ON DELETE CASCADE
);
CREATE INDEX transfer_case ON transfer (authority, case_id);
-- +goose Down
DROP TABLE transfer, case_officer;
