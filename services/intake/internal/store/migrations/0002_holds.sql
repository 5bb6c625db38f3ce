-- To the operator: which holds pause which contacts. A held contact stays
-- readable past its day; its rows go with the contact.
-- +goose Up
CREATE TABLE unit_hold (
    authority text NOT NULL,
    unit      uuid NOT NULL,
    hold      uuid NOT NULL,
    PRIMARY KEY (authority, unit, hold)
);
-- +goose Down
DROP TABLE unit_hold;
