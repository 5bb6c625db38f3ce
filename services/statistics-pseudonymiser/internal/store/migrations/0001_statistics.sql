-- To the operator: the statistics store, apart from every operative database. A row has no number, name, case or
-- person id; what could lead back is row_mac (gone at separation) and p (overwritten then), under keys of the key
-- database. The coarse codes are encrypted under the key of their epoch, which is destroyed with its last row.
-- +goose Up
CREATE TABLE statistics_row (
    id           uuid   PRIMARY KEY,
    authority    text   NOT NULL,
    epoch        int    NOT NULL,
    state        text   NOT NULL CHECK (state IN ('linked', 'separated')),
    p            text   NOT NULL,
    row_mac      bytea,
    period       text   NOT NULL,
    fields       bytea  NOT NULL,
    revision     int    NOT NULL,
    separated_on date,
    due_at       timestamptz,
    event        uuid   NOT NULL,
    publish_at   timestamptz,
    CHECK ((state = 'linked') = (row_mac IS NOT NULL)),
    CHECK ((state = 'separated') = (separated_on IS NOT NULL AND due_at IS NOT NULL))
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX statistics_row_mac ON statistics_row (authority, row_mac) WHERE row_mac IS NOT NULL;
CREATE INDEX statistics_row_publish ON statistics_row (publish_at, event) WHERE publish_at IS NOT NULL;
CREATE INDEX statistics_row_due ON statistics_row (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX statistics_row_epoch ON statistics_row (authority, epoch);

-- A withdrawal or separation that came before its row.
CREATE TABLE early (
    authority    text  NOT NULL,
    row_mac      bytea NOT NULL,
    kind         text  NOT NULL CHECK (kind IN ('withdrawn', 'separated')),
    separated_on date,
    forget_at    timestamptz NOT NULL,
    PRIMARY KEY (authority, row_mac)
);
CREATE INDEX early_forget ON early (forget_at);

-- Which unit of the keyring serves which purpose: 'row' (period ''), 'epoch' (a year), 'day' (a date).
CREATE TABLE key_use (
    authority text NOT NULL,
    purpose   text NOT NULL CHECK (purpose IN ('row', 'epoch', 'day')),
    period    text NOT NULL,
    unit      uuid NOT NULL UNIQUE,
    PRIMARY KEY (authority, purpose, period)
);
-- Units that nothing uses any more and that are about to be destroyed.
CREATE TABLE doomed_unit (
    unit      uuid PRIMARY KEY,
    authority text NOT NULL
);

-- Subjects to be purged from the analysts' stream.
CREATE TABLE purge (
    subject text PRIMARY KEY
);
CREATE TABLE total (
    authority text   PRIMARY KEY,
    separated bigint NOT NULL DEFAULT 0,
    disposed  bigint NOT NULL DEFAULT 0
);
-- +goose Down
DROP TABLE total;
DROP TABLE purge;
DROP TABLE doomed_unit;
DROP TABLE key_use;
DROP TABLE early;
DROP TABLE statistics_row;
