-- name: save
INSERT INTO snapshot (at, position, state) VALUES ($1, $2, $3)
ON CONFLICT (at) DO UPDATE SET position = excluded.position, state = excluded.state

-- name: newest
SELECT at, position, state FROM snapshot WHERE $1::timestamptz IS NULL OR at <= $1 ORDER BY at DESC LIMIT 1

-- name: reserve
INSERT INTO case_serial (day, last) VALUES ($1, 1) ON CONFLICT (day) DO UPDATE SET last = case_serial.last + 1
RETURNING last
