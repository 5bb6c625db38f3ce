-- To the operator: what has gone is counted in a row for each partition, so that instances that share the partitions do not
-- wait for each other. What was counted before stays in tally; the view tallied adds both.
-- +goose Up
CREATE TABLE tally_part (
    authority text   NOT NULL,
    rule      text   NOT NULL,
    partition int    NOT NULL,
    disposed  bigint NOT NULL, -- records
    PRIMARY KEY (authority, rule, partition)
) WITH (fillfactor = 50);
CREATE VIEW tallied AS
    SELECT authority, rule, sum(disposed)::bigint AS disposed
    FROM (SELECT authority, rule, disposed FROM tally UNION ALL SELECT authority, rule, disposed FROM tally_part) AS t
    GROUP BY authority, rule;
-- +goose Down
DROP VIEW tallied;
DROP TABLE tally_part;
