-- To the operator: the tables of a key database. They hold keys, encrypted; the
-- root of all of them is in the keystore. Back up this database and the keystore
-- apart from each other and from the data, and restore only the newest copy.
-- +goose Up

-- The generation that counts: the root key that the page table is under.
CREATE TABLE key_generation (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    current bigint  NOT NULL
);

-- A page: what shares a page key. The key itself lies in a shelf.
-- special pages (index, tombstone, transport) are unique per kind and bucket.
CREATE TABLE key_page (
    id        uuid    PRIMARY KEY,
    authority text    NOT NULL,
    kind      text    NOT NULL,
    bucket    integer NOT NULL DEFAULT 0,
    special   boolean NOT NULL DEFAULT false,
    units     integer NOT NULL DEFAULT 0
);
CREATE INDEX key_page_room ON key_page (authority, kind, units) WHERE NOT special;
CREATE UNIQUE INDEX key_page_special ON key_page (authority, kind, bucket) WHERE special;

-- The page table: page keys by the shelf, encrypted under the root of generation.
CREATE TABLE key_shelf (
    id         uuid   PRIMARY KEY,
    generation bigint NOT NULL,
    box        bytea  NOT NULL
);

-- A disposal unit. wrapped is its key under the page key; both are null once it
-- was destroyed.
CREATE TABLE key_unit (
    authority text NOT NULL,
    unit      uuid NOT NULL,
    page      uuid,
    wrapped   bytea,
    PRIMARY KEY (authority, unit),
    CHECK ((page IS NULL) = (wrapped IS NULL))
);
CREATE INDEX key_unit_page ON key_unit (page) WHERE page IS NOT NULL;

-- Look-up of a value by its HMAC; an entry dies with its unit.
CREATE TABLE key_lookup (
    authority text    NOT NULL,
    purpose   text    NOT NULL,
    bucket    integer NOT NULL DEFAULT 0,
    mac       bytea   NOT NULL,
    unit      uuid    NOT NULL,
    subject   uuid    NOT NULL,
    PRIMARY KEY (authority, purpose, mac)
);
CREATE INDEX key_lookup_unit ON key_lookup (authority, unit);

-- Transport keys: the private half is wrapped under a special page of its own.
CREATE TABLE key_transport (
    id      text    PRIMARY KEY,
    made    bigint  GENERATED ALWAYS AS IDENTITY,
    public  bytea   NOT NULL,
    page    uuid    NOT NULL,
    wrapped bytea   NOT NULL,
    retired boolean NOT NULL DEFAULT false
);
