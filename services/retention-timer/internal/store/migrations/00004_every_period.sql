-- To the operator: every fact that a unit's dates follow from stands with the unit now, and share_fact is gone. What moved
-- a date is kept in `trail` as long as the unit lives. `policy_recompute` is how far the clocks of an authority have been
-- counted anew under a new version of its pack.
-- +goose Up
ALTER TABLE unit DROP CONSTRAINT unit_kind_check,
    ADD CONSTRAINT unit_kind_check CHECK (kind IN ('contact', 'identity', 'share', 'participant', 'request')),
    ADD COLUMN category        text    NOT NULL DEFAULT '',
    ADD COLUMN case_type       text    NOT NULL DEFAULT '',
    ADD COLUMN group_id        uuid,
    ADD COLUMN collected_on    date,
    ADD COLUMN own_on          date,        -- the unit's own moment: contact ended, mail received, group ended, request received
    ADD COLUMN extended_until  date,        -- of a single recording
    ADD COLUMN reason_ended_on date,
    ADD COLUMN closed_on       date,        -- of its case; NULL while open
    ADD COLUMN floor_on        date,        -- nobody may delete it before
    ADD COLUMN absolute_at     timestamptz, -- from then on no hold counts
    ADD COLUMN ceiling_at      timestamptz, -- from then on it goes without a review
    ADD COLUMN review          boolean NOT NULL DEFAULT false, -- its list must be approved
    ADD COLUMN approved        boolean NOT NULL DEFAULT false,
    ADD COLUMN overdue_because text    NOT NULL DEFAULT '';
UPDATE unit AS u SET category = 'case.file', collected_on = s.opened_on, closed_on = s.closed_on
    FROM share_fact AS s WHERE s.authority = u.authority AND s.unit = u.unit;
UPDATE unit AS u SET category = 'person.identity', collected_on = p.registered_on
    FROM person_fact AS p WHERE u.kind = 'identity' AND p.authority = u.authority AND p.person = u.person;
UPDATE unit AS u SET collected_on = c.d0, own_on = c.d0,
        category = CASE WHEN c.rule = 'AFC-10' THEN 'contact.phone-log' WHEN c.trigger = 'mail-received' THEN 'contact.email' ELSE 'contact.chat' END
    FROM clock AS c WHERE u.kind = 'contact' AND c.authority = u.authority AND c.unit = u.unit;
DROP TABLE share_fact;
CREATE INDEX unit_group ON unit (authority, group_id) WHERE group_id IS NOT NULL;
CREATE INDEX unit_absolute ON unit (absolute_at) WHERE state = 'running' AND held AND absolute_at IS NOT NULL;
CREATE INDEX unit_review ON unit (authority, category, due_on) WHERE review AND state = 'running';
ALTER TABLE person_fact ADD COLUMN spell_on date; -- since when the present registration, or the last one, runs
UPDATE person_fact SET spell_on = registered_on;
ALTER TABLE clock ADD COLUMN kind text NOT NULL DEFAULT 'normal' CHECK (kind IN ('normal', 'ceiling'));
UPDATE clock SET kind = 'ceiling' WHERE mode = 'ceiling';
ALTER TABLE clock DROP CONSTRAINT clock_pkey, ADD PRIMARY KEY (authority, unit, kind, rule);
CREATE TABLE group_fact (
    authority text NOT NULL,
    group_id  uuid NOT NULL,
    start_on  date NOT NULL,
    end_on    date,
    PRIMARY KEY (authority, group_id)
);
CREATE TABLE trail (
    authority text        NOT NULL,
    unit      uuid        NOT NULL,
    n         bigint      GENERATED ALWAYS AS IDENTITY,
    at        timestamptz NOT NULL,
    because   text        NOT NULL, -- the event that moved the date
    rule      text        NOT NULL,
    due_on    date,                 -- NULL: no date any more
    PRIMARY KEY (authority, unit, n)
);
ALTER TABLE hold ADD COLUMN review_alarm boolean NOT NULL DEFAULT false;
CREATE INDEX hold_review ON hold (review_at) WHERE released_at IS NULL AND NOT review_alarm;
CREATE TABLE policy_recompute (
    authority text NOT NULL PRIMARY KEY,
    version   text NOT NULL,
    passed    uuid NOT NULL, -- units up to this one have been counted anew
    done      boolean NOT NULL DEFAULT false
);
CREATE TABLE policy_plan (
    authority text        NOT NULL PRIMARY KEY,
    made_at   timestamptz NOT NULL,
    plan      jsonb       NOT NULL
);
-- +goose Down
DROP TABLE policy_plan, policy_recompute, trail, group_fact;
ALTER TABLE hold DROP COLUMN review_alarm;
DELETE FROM clock WHERE kind = 'ceiling' AND rule IN (SELECT rule FROM clock AS n WHERE n.kind = 'normal' AND n.authority = clock.authority AND n.unit = clock.unit);
ALTER TABLE clock DROP CONSTRAINT clock_pkey, DROP COLUMN kind, ADD PRIMARY KEY (authority, unit, rule);
ALTER TABLE person_fact DROP COLUMN spell_on;
CREATE TABLE share_fact (
    authority text NOT NULL,
    unit      uuid NOT NULL,
    person    uuid NOT NULL,
    case_id   uuid NOT NULL,
    opened_on date NOT NULL,
    closed_on date,
    PRIMARY KEY (authority, unit)
);
CREATE INDEX share_fact_person ON share_fact (authority, person);
INSERT INTO share_fact SELECT authority, unit, person, case_id, collected_on, closed_on FROM unit
    WHERE kind = 'share' AND state <> 'disposed' AND person IS NOT NULL AND case_id IS NOT NULL AND collected_on IS NOT NULL;
DELETE FROM unit WHERE kind IN ('participant', 'request');
ALTER TABLE unit DROP CONSTRAINT unit_kind_check,
    ADD CONSTRAINT unit_kind_check CHECK (kind IN ('contact', 'identity', 'share')),
    DROP COLUMN category, DROP COLUMN case_type, DROP COLUMN group_id, DROP COLUMN collected_on, DROP COLUMN own_on,
    DROP COLUMN extended_until, DROP COLUMN reason_ended_on, DROP COLUMN closed_on, DROP COLUMN floor_on, DROP COLUMN absolute_at,
    DROP COLUMN ceiling_at, DROP COLUMN review, DROP COLUMN approved, DROP COLUMN overdue_because;
