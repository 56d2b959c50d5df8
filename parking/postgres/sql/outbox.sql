-- name: take
UPDATE intake_head SET message = message + $1 RETURNING message - $1 + 1

-- name: due
WITH waiting AS (
    SELECT outbox.id, outbox.key, delivery.attempts, delivery.retry_at
    FROM outbox
    LEFT JOIN outbox_delivery AS delivery ON delivery.sink = $1 AND delivery.message = outbox.id
    WHERE outbox.id > coalesce((SELECT below FROM outbox_sink WHERE sink = $1), 0) AND delivery.delivered_at IS NULL
), eldest AS (
    SELECT DISTINCT ON (key) * FROM waiting ORDER BY key, id
)
SELECT outbox.*, coalesce(eldest.attempts, 0) AS attempts
FROM eldest JOIN outbox USING (id)
WHERE eldest.retry_at IS NULL OR eldest.retry_at <= $2
ORDER BY id
LIMIT $3

-- name: delivered
INSERT INTO outbox_delivery (sink, message, attempts, delivered_at, why) VALUES ($1, $2, 1, $3, '')
ON CONFLICT (sink, message) DO UPDATE SET delivered_at = excluded.delivered_at, retry_at = NULL, why = ''

-- name: failed
INSERT INTO outbox_delivery (sink, message, attempts, retry_at, why) VALUES ($1, $2, 1, $3, $4)
ON CONFLICT (sink, message) DO UPDATE
SET attempts = outbox_delivery.attempts + 1, retry_at = excluded.retry_at, why = excluded.why
WHERE outbox_delivery.delivered_at IS NULL

-- name: advance
WITH at AS (
    SELECT coalesce((SELECT below FROM outbox_sink WHERE sink = $1), 0) AS below
), reached AS (
    SELECT coalesce(
        (SELECT outbox.id - 1 FROM outbox, at
         WHERE outbox.id > at.below
           AND NOT EXISTS (SELECT FROM outbox_delivery AS delivery
                           WHERE delivery.sink = $1 AND delivery.message = outbox.id
                             AND delivery.delivered_at IS NOT NULL)
         ORDER BY outbox.id LIMIT 1),
        (SELECT max(id) FROM outbox),
        (SELECT below FROM at)) AS below
)
INSERT INTO outbox_sink (sink, below) SELECT $1, below FROM reached
ON CONFLICT (sink) DO UPDATE SET below = greatest(outbox_sink.below, excluded.below)
RETURNING below

-- name: forget
DELETE FROM outbox_delivery WHERE sink = $1 AND message <= $2
