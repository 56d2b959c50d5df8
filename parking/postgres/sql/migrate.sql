-- name: lock
SELECT pg_advisory_lock(hashtextextended($1, 0))

-- name: unlock
SELECT pg_advisory_unlock(hashtextextended($1, 0))

-- name: has_table
SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = $1 AND tablename = 'migration')

-- name: has_schema
SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)

-- name: make_table
CREATE TABLE IF NOT EXISTS migration (number integer PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL)

-- name: note
INSERT INTO migration (number, name, sha256) VALUES ($1, $2, $3)
