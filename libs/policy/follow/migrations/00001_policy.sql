-- To the operator: the policy packs that were activated, as text; a few rows a year. Nothing here is about a person.
-- +goose Up
CREATE TABLE policy_activation (
    authority    text        NOT NULL,
    n            bigint      NOT NULL, -- of the authority, from 1
    version      text        NOT NULL, -- newest version of the pack
    valid_from   date        NOT NULL,
    hash         text        NOT NULL,
    files        jsonb       NOT NULL, -- name to text
    activated_at timestamptz NOT NULL,
    PRIMARY KEY (authority, n),
    UNIQUE (authority, version)
);
-- +goose Down
DROP TABLE policy_activation;
