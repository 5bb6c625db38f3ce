-- To the operator: the tables of intake. What is personal in them is encrypted
-- under keys of the key database; a row without its key is unreadable.
-- +goose Up

-- A living contact. ciphertext is its record, unlinked a note without a case that
-- came back; both under the key of unit.
CREATE TABLE contact (
    authority       text        NOT NULL,
    id              uuid        NOT NULL,
    unit            uuid        NOT NULL,
    category        text        NOT NULL,
    ended_on        date        NOT NULL,
    ciphertext      bytea       NOT NULL,
    fingerprint     bytea       NOT NULL,
    commitment      bytea       NOT NULL,
    due_on          date,
    due_at          timestamptz, -- as retention-timer told it; null: no clock runs
    linked_case     uuid,
    unlinked        bytea,
    unlinked_reason text,
    PRIMARY KEY (authority, id)
);
CREATE UNIQUE INDEX contact_unit ON contact (authority, unit);

-- What remains of every contact ever accepted: enough to know a repeat by.
CREATE TABLE tombstone (
    authority text  NOT NULL,
    source    bytea NOT NULL, -- HMAC of the sender's id
    id        uuid  NOT NULL,
    PRIMARY KEY (authority, source)
);
CREATE UNIQUE INDEX tombstone_id ON tombstone (authority, id);

-- A committed disposal: nobody reads the contact any more; key and row go next.
CREATE TABLE intent (
    authority      text        NOT NULL,
    unit           uuid        NOT NULL,
    contact        uuid        NOT NULL,
    rule           text        NOT NULL,
    trigger_kind   text        NOT NULL,
    due_on         date        NOT NULL,
    due_at         timestamptz NOT NULL,
    policy_version text        NOT NULL,
    removed_at     timestamptz NOT NULL,
    PRIMARY KEY (authority, unit)
);
CREATE INDEX intent_contact ON intent (authority, contact);

-- Counters that name nobody, in shards so that writers do not meet on one row.
CREATE TABLE counter (
    name  text     NOT NULL,
    shard smallint NOT NULL,
    n     bigint   NOT NULL,
    PRIMARY KEY (name, shard)
);
