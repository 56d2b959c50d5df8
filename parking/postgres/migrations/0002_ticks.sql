-- What the engine decided, and its states.

CREATE TABLE journal (
    at               timestamptz PRIMARY KEY,
    position         bigint NOT NULL,  -- the intake log was taken up to here before the decision
    decisions_sha256 text   NOT NULL,
    filed            bigint            -- position of the entry with the cases this tick filed, or null
);

CREATE TABLE snapshot (
    at       timestamptz PRIMARY KEY,
    position bigint NOT NULL,
    state    bytea  NOT NULL
);
ALTER TABLE snapshot ALTER COLUMN state SET STORAGE EXTERNAL;

-- Five-minute history of lots.
CREATE TABLE lot_slot (
    lot      text             NOT NULL,
    at       timestamptz      NOT NULL,
    n        integer          NOT NULL,  -- the town's order
    taken    double precision NOT NULL,
    sd       double precision NOT NULL,
    capacity integer          NOT NULL,
    quality  text             NOT NULL,
    reason   text             NOT NULL,
    heard_at timestamptz,
    PRIMARY KEY (lot, at)
);
CREATE INDEX lot_slot_at ON lot_slot (at);

-- Forecasts as they were issued, to be scored when the truth has arrived.
CREATE TABLE forecast (
    issued_at   timestamptz        NOT NULL,
    lot         text               NOT NULL,
    horizons_min integer[]         NOT NULL,
    quantiles   double precision[] NOT NULL,
    taken       double precision[] NOT NULL,  -- [horizon][quantile]
    model       text               NOT NULL,
    PRIMARY KEY (issued_at, lot)
);

-- Guidance whose state words changed, and in guidance_newest the newest of each sign.
CREATE TABLE guidance (
    at       timestamptz NOT NULL,
    sign     text        NOT NULL,
    sequence bigint      NOT NULL,
    until    timestamptz NOT NULL,
    rows     json        NOT NULL,
    why      json        NOT NULL,
    PRIMARY KEY (at, sign)
);
CREATE INDEX guidance_sign ON guidance (sign, at);

CREATE TABLE guidance_newest (
    sign     text PRIMARY KEY,
    at       timestamptz NOT NULL,
    sequence bigint      NOT NULL,
    until    timestamptz NOT NULL,
    rows     json        NOT NULL,
    why      json        NOT NULL
) WITH (fillfactor = 50);

-- What signs confirmed. The identity of each is kept for a while, so that a message sent twice counts once;
-- for good only those that differ from the one before, and the newest.
CREATE TABLE sign_shown (
    sign             text        NOT NULL,
    at               timestamptz NOT NULL,
    epoch            bigint      NOT NULL,
    sequence         bigint      NOT NULL,
    received_at      timestamptz NOT NULL,
    content          json        NOT NULL,  -- {"errors": […], "rows": […]}
    brightness_share double precision,
    differs          boolean     NOT NULL,
    PRIMARY KEY (sign, at, epoch, sequence)
);
CREATE INDEX sign_shown_newest ON sign_shown (sign, received_at DESC);
