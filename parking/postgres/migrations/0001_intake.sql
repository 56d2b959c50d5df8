-- Everything the engine takes, in one order, and what could not be understood.
-- `json`, not `jsonb`: an input must come back to the byte, and jsonb rewrites numbers and refuses \u0000.

CREATE TABLE readings (
    at          timestamptz NOT NULL,  -- the device's clock
    device      text        NOT NULL,
    boot        bigint      NOT NULL,
    seq         bigint      NOT NULL,
    kind        text        NOT NULL,
    received_at timestamptz NOT NULL,
    lot         text,
    section     text,
    body        json        NOT NULL,  -- the fields of this kind alone
    batch       bigint      NOT NULL,  -- the intake entry it came with, by that entry's batch
    n           integer     NOT NULL,  -- its place in the batch
    PRIMARY KEY (at, device, boot, seq)
) PARTITION BY RANGE (at);

CREATE INDEX readings_batch ON readings USING brin (batch) WITH (pages_per_range = 16, autosummarize = on);

-- One partition a UTC day. The parent is locked no harder than inserts allow: made apart, then attached.
CREATE FUNCTION make_readings_day(day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    partition text := 'readings_' || to_char(day, 'YYYYMMDD');
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(current_schema() || '.readings', 0));
    IF to_regclass(partition) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE readings INCLUDING DEFAULTS)', partition);
    EXECUTE format('ALTER TABLE readings ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', partition,
                   day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
END $$;

CREATE VIEW readings_days AS
SELECT to_date(right(child.relname, 8), 'YYYYMMDD') AS day, child.relname::text AS partition,
       pg_get_expr(child.relpartbound, child.oid) AS bounds, child.reltuples::bigint AS about
FROM pg_inherits
JOIN pg_class AS child ON child.oid = inhrelid
WHERE inhparent = 'readings'::regclass;

CREATE SEQUENCE reading_batch AS bigint INCREMENT BY 64;  -- a process takes so many at a time

-- The log's head. Whoever appends updates this row last in the transaction and so waits for whoever is before:
-- positions and outbox numbers grow in the order of commits and without gaps.
CREATE TABLE intake_head (
    one      boolean PRIMARY KEY DEFAULT true CHECK (one),
    position bigint  NOT NULL,
    message  bigint  NOT NULL
) WITH (fillfactor = 20);
INSERT INTO intake_head (position, message) VALUES (0, 0);

CREATE TABLE intake (
    position bigint PRIMARY KEY,
    batch    bigint UNIQUE,           -- readings of this batch, or null
    first_at timestamptz,             -- … lie within these times: names the partitions to look into
    last_at  timestamptz,
    readings integer NOT NULL,        -- how many of them
    inputs   json,                    -- other inputs by value, after the readings, or null
    others   integer NOT NULL         -- how many of those
);

CREATE TABLE dead_letter (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    received_at timestamptz NOT NULL,
    topic       text        NOT NULL,
    device      text,
    cause       text        NOT NULL,
    length      bigint      NOT NULL,
    sha256      bytea       NOT NULL,
    head        bytea       NOT NULL  -- the first 64 KiB
);
CREATE INDEX dead_letter_received_at ON dead_letter USING brin (received_at);
