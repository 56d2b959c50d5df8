-- name: make
SELECT make_readings_day($1)

-- name: lock
SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.readings', 0))

-- name: old
SELECT day FROM readings_days WHERE day < $1 ORDER BY day

-- name: all
SELECT day, partition, bounds, about FROM readings_days ORDER BY day

-- name: trim_snapshots
DELETE FROM snapshot WHERE at < $1 AND at < (SELECT max(at) FROM snapshot)

-- name: trim_journal
DELETE FROM journal WHERE at <= (SELECT min(at) FROM snapshot)  -- nothing is left to decide them again from
                      AND EXISTS (SELECT FROM journal WHERE at < $1)

-- name: trim_intake
DELETE FROM intake WHERE position <= (SELECT min(position) FROM snapshot)
                     AND NOT EXISTS (SELECT FROM journal WHERE journal.at <= (SELECT min(at) FROM snapshot))

-- name: trim_shown
DELETE FROM sign_shown AS old WHERE NOT differs AND at < $1
   AND EXISTS (SELECT FROM sign_shown AS newer
               WHERE newer.sign = old.sign AND newer.received_at > old.received_at)

-- name: trim_dead_letters
DELETE FROM dead_letter WHERE received_at < $1

-- name: trim_outbox
DELETE FROM outbox WHERE created_at < $1 AND id <= (SELECT min(below) FROM outbox_sink)
