-- name: add_tick
INSERT INTO journal (at, position, decisions_sha256) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING true

-- name: get_tick
SELECT position, decisions_sha256, filed FROM journal WHERE at = $1

-- name: note_filed
UPDATE journal SET filed = $2 WHERE at = $1

-- name: ticks_after
SELECT at, position, decisions_sha256 FROM journal
WHERE ($1::timestamptz IS NULL OR at > $1) AND ($2::timestamptz IS NULL OR at < $2)
ORDER BY at

-- name: put_guidance
INSERT INTO guidance_newest (sign, at, sequence, until, rows, why) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (sign) DO UPDATE
SET at = excluded.at, sequence = excluded.sequence, until = excluded.until, rows = excluded.rows, why = excluded.why

-- name: add_guidance
INSERT INTO guidance (sign, at, sequence, until, rows, why) VALUES ($1, $2, $3, $4, $5, $6)

-- name: put_alert
INSERT INTO alert (id, version, kind, state, grade, subject, cell, onset_at, updated_at, cleared_at, body)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (id) DO UPDATE
SET version = excluded.version, state = excluded.state, grade = excluded.grade, subject = excluded.subject,
    cell = excluded.cell, updated_at = excluded.updated_at, cleared_at = excluded.cleared_at, body = excluded.body

-- name: add_alert_version
INSERT INTO alert_version (id, version, updated_at, body) VALUES ($1, $2, $3, $4)
