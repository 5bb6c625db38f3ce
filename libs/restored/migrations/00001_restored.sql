-- To the operator: empty but for the minutes after a restore. restored_mark says that this database came out of a
-- backup and that its service must not serve before it has heard what was destroyed since; restored_word is what it has
-- heard. Random ids, codes and times only. Delete the mark by hand and you serve what was destroyed.
-- +goose Up
CREATE TABLE restored_mark (
    one      boolean     PRIMARY KEY DEFAULT true CHECK (one),
    backup   text        NOT NULL,              -- id of the backup
    taken_at timestamptz NOT NULL,              -- business time at which it was taken
    behind   bigint      NOT NULL,              -- the log's size that the backup knows of: words from there on count
    heard    bigint      NOT NULL,              -- how far the log was heard
    until    bigint      NOT NULL               -- the log's size when it was last asked
);
CREATE TABLE restored_word (
    authority  text        NOT NULL,
    index      bigint      NOT NULL,
    kind       text        NOT NULL,
    record     uuid        NOT NULL,
    category   text        NOT NULL,
    rule       text        NOT NULL,
    trigger    text        NOT NULL,
    due_on     date,
    due_at     timestamptz,
    done_at    timestamptz,
    policy     text        NOT NULL,
    commitment bytea       NOT NULL,
    protected  boolean     NOT NULL,
    PRIMARY KEY (authority, index)
);
CREATE INDEX restored_word_record ON restored_word (authority, record);
ALTER TABLE restored_word ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY world ON restored_word USING (current_setting('gallra.authority', true) IN (authority, '*'));
-- +goose Down
DROP TABLE restored_word;
DROP TABLE restored_mark;
