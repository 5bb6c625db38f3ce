-- To the operator: receipts that only appointed officers may see, by the random id of their record. Short.
-- +goose Up
CREATE TABLE concealed (
    authority text NOT NULL,
    record    uuid NOT NULL,
    PRIMARY KEY (authority, record)
);
-- +goose Down
DROP TABLE concealed;
