-- To the operator: recorded calls with their audio, complaints about them, and
-- job-seeker groups. Whatever is personal lies encrypted in contact and audio; a
-- call is known by the HMAC of the telephony system's name for it.
-- +goose Up

-- A call that goes on, an open complaint and a participant of a group without an
-- end have no day yet to count from.
ALTER TABLE contact ALTER COLUMN ended_on DROP NOT NULL;

-- A customer was told that the call is recorded. Goes with the recording's end,
-- or after half a day.
CREATE TABLE call_notice (
    authority text        NOT NULL,
    call      bytea       NOT NULL,
    line      text        NOT NULL,
    told_at   timestamptz NOT NULL,
    PRIMARY KEY (authority, call)
);
CREATE INDEX call_notice_age ON call_notice (told_at);

-- What is not personal of a recording; its record is the contact of the same id.
CREATE TABLE recording (
    authority   text        NOT NULL,
    id          uuid        NOT NULL,
    line        text        NOT NULL,
    started_at  timestamptz NOT NULL,
    ended_at    timestamptz, -- null: the call goes on
    cut_ms      bigint,      -- from here on there is no audio
    cut_because text,
    media       text,        -- media type of the audio
    PRIMARY KEY (authority, id)
);
CREATE INDEX recording_open ON recording (started_at) WHERE ended_at IS NULL;

-- Why a recording is kept longer, one row a reason.
CREATE TABLE recording_extension (
    authority text NOT NULL,
    recording uuid NOT NULL,
    reason    text NOT NULL,
    until_on  date NOT NULL, -- last day
    ended_on  date,          -- null: the reason stands
    PRIMARY KEY (authority, recording, reason),
    FOREIGN KEY (authority, recording) REFERENCES recording ON DELETE CASCADE
);

-- A chunk of audio, encrypted under the key of the recording's unit.
CREATE TABLE audio (
    authority text    NOT NULL,
    recording uuid    NOT NULL,
    at_byte   bigint  NOT NULL, -- of the whole audio
    size      integer NOT NULL,
    from_ms   bigint  NOT NULL, -- into the call
    until_ms  bigint  NOT NULL,
    digest    bytea   NOT NULL, -- MAC under the unit's key, to know a repeat by
    box       bytea   NOT NULL,
    PRIMARY KEY (authority, recording, at_byte),
    FOREIGN KEY (authority, recording) REFERENCES recording ON DELETE CASCADE
);
ALTER TABLE audio ALTER COLUMN box SET STORAGE EXTERNAL; -- what is encrypted does not get smaller

-- An appointment to listen to a recording at an office.
CREATE TABLE listening (
    authority text        NOT NULL,
    id        uuid        NOT NULL,
    recording uuid        NOT NULL,
    place     text        NOT NULL,
    on_day    date        NOT NULL,
    PRIMARY KEY (authority, id),
    FOREIGN KEY (authority, recording) REFERENCES recording ON DELETE CASCADE
);
CREATE INDEX listening_recording ON listening (authority, recording, on_day);

-- A complaint about a recorded call; its text is the contact of the same id.
CREATE TABLE complaint (
    authority text NOT NULL,
    id        uuid NOT NULL,
    recording uuid NOT NULL, -- which it may outlive
    opened_on date NOT NULL,
    closed_on date,
    PRIMARY KEY (authority, id)
);
CREATE INDEX complaint_recording ON complaint (authority, recording);

-- A job-seeker group.
CREATE TABLE job_group (
    authority text  NOT NULL,
    id        uuid  NOT NULL,
    source    bytea NOT NULL, -- HMAC of the sender's id
    name      text  NOT NULL,
    start_on  date  NOT NULL,
    end_on    date,           -- planned, or as it was
    ended     boolean NOT NULL DEFAULT false,
    PRIMARY KEY (authority, id)
);
CREATE UNIQUE INDEX job_group_source ON job_group (authority, source);

-- Who takes part, or took part, in a group; the record is the contact of the same id.
CREATE TABLE participant (
    authority text NOT NULL,
    id        uuid NOT NULL,
    job_group uuid NOT NULL,
    joined_on date NOT NULL,
    left_on   date,
    PRIMARY KEY (authority, id)
);
CREATE INDEX participant_group ON participant (authority, job_group);
-- +goose Down
DROP TABLE participant;
DROP TABLE job_group;
DROP TABLE complaint;
DROP TABLE listening;
DROP TABLE audio;
DROP TABLE recording_extension;
DROP TABLE recording;
DROP TABLE call_notice;
