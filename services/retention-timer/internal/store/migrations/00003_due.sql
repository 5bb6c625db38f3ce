-- To the operator: an index of what holders have been told to destroy and have not answered for. It is nearly empty at
-- all times, and lets /metrics look at it every few seconds.
-- +goose Up
CREATE INDEX unit_due ON unit (due_at) WHERE state = 'due';
-- +goose Down
DROP INDEX unit_due;
