-- name: file
INSERT INTO case_file (no, alert, class_code, source, grade, cell, department, post,
                       reported_at, deadline, stage, updated_at, closing, facts)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT DO NOTHING
RETURNING true

-- name: add_step
INSERT INTO case_step (no, n, stage, operate, actor, receiver, opinion, at, closing)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: lock
SELECT alert FROM case_file WHERE no = $1 FOR UPDATE

-- name: count_steps
SELECT count(*) FROM case_step WHERE no = $1

-- name: move
UPDATE case_file SET stage = $2, updated_at = $3, closing = coalesce($4, closing) WHERE no = $1

-- name: newest
SELECT no, closing, facts FROM case_file ORDER BY reported_at DESC, no DESC LIMIT $1

-- name: newest_open
SELECT no, closing, facts FROM case_file WHERE stage NOT IN ('closed', 'voided', 'not_filed')
ORDER BY reported_at DESC, no DESC LIMIT $1

-- name: find
SELECT no, closing, facts FROM case_file WHERE no = $1

-- name: steps_of
SELECT no, n, stage, operate, actor, receiver, opinion, at, closing FROM case_step WHERE no = ANY($1) ORDER BY no, n
