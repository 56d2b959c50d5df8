-- name: begin
INSERT INTO run (id, kind, program, street_t0, speed, started_at, settings) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING

-- name: end
UPDATE run SET ended_at = $2 WHERE id = $1

-- name: list_runs
SELECT id, kind, program, street_t0, speed, started_at, ended_at, settings FROM run ORDER BY started_at DESC LIMIT $1

-- name: audit
INSERT INTO audit (at, actor, role, action, subject, detail) VALUES ($1, $2, $3, $4, $5, $6)

-- name: list_audited
SELECT at, actor, action, subject, detail FROM audit ORDER BY id DESC LIMIT $1
