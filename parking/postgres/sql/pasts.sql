-- name: guidance_of
SELECT sign, at, sequence, until, rows, why FROM guidance WHERE sign = $1 AND at >= $2 AND at < $3 ORDER BY at

-- name: road_changes
SELECT body FROM road_change WHERE section = $1 AND at >= $2 AND at < $3 ORDER BY at

-- name: add_road_change
INSERT INTO road_change (section, at, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING

-- name: alert_versions
SELECT body FROM alert_version WHERE id = $1 ORDER BY version
