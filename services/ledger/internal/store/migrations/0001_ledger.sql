-- To the operator: the log of everything that was destroyed or handed out. Rows are only ever added; a row that is
-- changed or deleted by hand makes `gallra reconcile` fail for good. No personal data: random ids, codes, times.
-- +goose Up
CREATE TABLE tree (
    one        boolean PRIMARY KEY DEFAULT true CHECK (one),
    size       bigint NOT NULL,
    public_key text   NOT NULL
);
CREATE TABLE leaf (
    index     bigint PRIMARY KEY,
    kind      text   NOT NULL,
    record    uuid   NOT NULL,
    authority text   NOT NULL,
    rule      text   NOT NULL,
    text      text   NOT NULL,
    UNIQUE (record, kind)
);
CREATE TABLE node (
    id   bigint PRIMARY KEY,
    hash bytea  NOT NULL CHECK (length(hash) = 32)
);
CREATE TABLE checkpoint (
    size bigint PRIMARY KEY,
    note text   NOT NULL
);
-- +goose Down
DROP TABLE checkpoint;
DROP TABLE node;
DROP TABLE leaf;
DROP TABLE tree;
