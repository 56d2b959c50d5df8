-- name: next_batches
SELECT nextval('reading_batch')

-- name: insert_new
INSERT INTO readings (at, device, boot, seq, kind, received_at, lot, section, body, batch, n)
SELECT * FROM unnest($1::timestamptz[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::timestamptz[],
                     $7::text[], $8::text[], $9::json[], $10::bigint[], $11::integer[])
ON CONFLICT DO NOTHING
RETURNING n

-- name: append
WITH turn AS (UPDATE intake_head SET position = position + 1 RETURNING position)
INSERT INTO intake (position, batch, first_at, last_at, readings, inputs, others)
SELECT position, $1, $2, $3, $4, $5, $6 FROM turn
RETURNING position

-- name: after
SELECT position, batch, first_at, last_at, inputs
FROM (SELECT *, sum(readings + others) OVER (ORDER BY position) - readings - others AS inputs_before
      FROM (SELECT * FROM intake WHERE position > $1 ORDER BY position LIMIT $3) AS next) AS counted
WHERE inputs_before < $2
ORDER BY position

-- name: readings_of
SELECT batch, kind, at, device, boot, seq, received_at, lot, section, body
FROM readings
WHERE batch = ANY($1) AND at BETWEEN $2 AND $3
ORDER BY batch, n

-- name: add_dead_letter
INSERT INTO dead_letter (received_at, topic, device, cause, length, sha256, head) VALUES ($1, $2, $3, $4, $5, $6, $7)
