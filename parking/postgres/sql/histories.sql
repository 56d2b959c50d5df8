-- name: add
INSERT INTO lot_slot (lot, at, n, taken, sd, capacity, quality, reason, heard_at)
SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::integer[], $4::double precision[], $5::double precision[],
                     $6::integer[], $7::text[], $8::text[], $9::timestamptz[])
ON CONFLICT DO NOTHING

-- name: between
SELECT lot, at, taken, sd, capacity, quality, reason, heard_at FROM lot_slot
WHERE at >= $1 AND at < $2 ORDER BY at, n, lot

-- name: of_lot
SELECT lot, at, taken, sd, capacity, quality, reason, heard_at FROM lot_slot
WHERE lot = $3 AND at >= $1 AND at < $2 ORDER BY at
