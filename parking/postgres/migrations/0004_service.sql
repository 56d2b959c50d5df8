-- The service itself: who decides, who did what, which runs there were.

CREATE TABLE owner (
    area  text PRIMARY KEY,
    epoch bigint NOT NULL
);

CREATE TABLE audit (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL,
    actor   text        NOT NULL,
    role    text        NOT NULL,
    action  text        NOT NULL,
    subject text        NOT NULL,
    detail  json        NOT NULL
);
CREATE INDEX audit_at ON audit (at);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE run (
    id         text PRIMARY KEY,
    kind       text        NOT NULL,  -- serve, demo, replay …
    program    text        NOT NULL,  -- version of the program
    street_t0  timestamptz NOT NULL,
    speed      double precision NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at   timestamptz,
    settings   json        NOT NULL
);
