-- To the operator: one row, the simulated time of a simulated deployment. Never present in production.
-- +goose Up
CREATE TABLE simulated_clock (
    one     boolean     PRIMARY KEY CHECK (one),
    version bigint      NOT NULL,
    now_at  timestamptz NOT NULL
);
-- +goose Down
DROP TABLE simulated_clock;
