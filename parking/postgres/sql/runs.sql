-- name: list_runs
SELECT schemaname FROM pg_tables WHERE tablename = 'journal' ORDER BY schemaname
