-- name: invalid_indexes
SELECT indexrelid::regclass::text AS index
FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE NOT indisvalid AND relnamespace = current_schema()::regnamespace
ORDER BY 1

-- name: gap
SELECT min(position) FROM (SELECT position, lag(position) OVER (ORDER BY position) AS before FROM intake) AS steps
WHERE before IS NOT NULL AND position <> before + 1

-- name: incomplete
SELECT position, intake.readings, coalesce(found, 0) AS found
FROM intake
LEFT JOIN (SELECT batch, count(*) AS found FROM readings GROUP BY batch) AS counted USING (batch)
WHERE batch IS NOT NULL AND intake.readings <> coalesce(found, 0)
  AND (first_at AT TIME ZONE 'UTC')::date >= (SELECT min(day) FROM readings_days)
ORDER BY position LIMIT 20
