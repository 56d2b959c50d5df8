-- name: hold
SELECT pg_advisory_lock(hashtextextended(current_schema() || ' area ' || $1, 0))

-- name: take_over
INSERT INTO owner (area, epoch) VALUES ($1, 1) ON CONFLICT (area) DO UPDATE SET epoch = owner.epoch + 1 RETURNING epoch
