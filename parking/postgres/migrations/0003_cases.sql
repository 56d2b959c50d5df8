-- Alerts, cases, and who is told. What happened is appended, never changed.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append only: add a line, none may be changed or removed', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

-- The newest version of each alert.
CREATE TABLE alert (
    id         text PRIMARY KEY,
    version    integer     NOT NULL,
    kind       text        NOT NULL,
    state      text        NOT NULL,
    grade      smallint,
    subject    text        NOT NULL,
    cell       text        NOT NULL,
    onset_at   timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    cleared_at timestamptz,
    body       json        NOT NULL
);
CREATE INDEX alert_onset_at ON alert (onset_at);

CREATE TABLE alert_version (
    id         text        NOT NULL,
    version    integer     NOT NULL,
    updated_at timestamptz NOT NULL,
    body       json        NOT NULL,
    PRIMARY KEY (id, version)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON alert_version
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE case_file (
    no          text PRIMARY KEY,
    alert       text UNIQUE,           -- nobody files an alert twice
    class_code  text        NOT NULL,
    source      integer     NOT NULL,
    grade       smallint,
    cell        text        NOT NULL,
    department  text        NOT NULL,
    post        text        NOT NULL,
    reported_at timestamptz NOT NULL,
    deadline    timestamptz NOT NULL,
    stage       text        NOT NULL,  -- of the newest step
    updated_at  timestamptz NOT NULL,  -- of the newest step
    closing     text,
    facts       json        NOT NULL   -- the whole first record without its steps
);
CREATE INDEX case_file_reported_at ON case_file (reported_at);
CREATE INDEX case_file_open ON case_file (reported_at) WHERE stage NOT IN ('closed', 'voided', 'not_filed');

CREATE TABLE case_step (
    no       text        NOT NULL REFERENCES case_file,
    n        integer     NOT NULL CHECK (n > 0),
    stage    text        NOT NULL,
    operate  text        NOT NULL,
    actor    text        NOT NULL,
    receiver text        NOT NULL,
    opinion  text        NOT NULL,
    at       timestamptz NOT NULL,
    closing  text,                     -- how the case ended, on the step that closed it
    PRIMARY KEY (no, n)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_step
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE case_serial (
    day  date PRIMARY KEY,
    last integer NOT NULL
);

CREATE TABLE outbox (
    id         bigint PRIMARY KEY,     -- from intake_head: in the order of commits
    key        text        NOT NULL,
    type       text        NOT NULL,
    topic      text        NOT NULL,
    retain     boolean     NOT NULL,
    body       bytea       NOT NULL,
    created_at timestamptz NOT NULL
);

-- How far each sink is: everything up to `below`, and single rows past it.
CREATE TABLE outbox_sink (
    sink  text PRIMARY KEY,
    below bigint NOT NULL
);
CREATE TABLE outbox_delivery (
    sink         text    NOT NULL,
    message      bigint  NOT NULL,
    attempts     integer NOT NULL,
    delivered_at timestamptz,
    retry_at     timestamptz,
    why          text    NOT NULL,
    PRIMARY KEY (sink, message)
);
