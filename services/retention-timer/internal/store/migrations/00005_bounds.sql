-- To the operator: units that no law bounds, contacts above all, leave the index of bounds. It is made anew here.
-- +goose Up
DROP INDEX unit_bound;
CREATE INDEX unit_bound ON unit (bound_at) WHERE state <> 'disposed' AND NOT bound_alarm AND bound_at IS NOT NULL;
-- +goose Down
DROP INDEX unit_bound;
CREATE INDEX unit_bound ON unit (bound_at) WHERE state <> 'disposed' AND NOT bound_alarm;
