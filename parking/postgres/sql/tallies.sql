-- name: tally
SELECT (SELECT count(*) FROM readings WHERE at >= $1 AND at < $2 AND kind <> 'status')               AS readings,
       (SELECT count(*) FROM guidance WHERE at >= $1 AND at < $2)                                    AS sign_changes,
       (SELECT count(DISTINCT id) FROM alert_version WHERE updated_at >= $1 AND updated_at < $2)     AS alerts,
       (SELECT count(*) FROM case_file WHERE reported_at >= $1 AND reported_at < $2)                 AS cases

-- name: issued
SELECT issued_at, lot, horizons_min, quantiles, taken, model FROM forecast
WHERE issued_at >= $1 AND issued_at < $2 ORDER BY issued_at, lot COLLATE "C"
