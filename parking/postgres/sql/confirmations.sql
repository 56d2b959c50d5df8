-- name: add
WITH told AS (
    SELECT * FROM unnest($1::integer[], $2::text[], $3::timestamptz[], $4::bigint[], $5::bigint[],
                         $6::timestamptz[], $7::json[], $8::double precision[])
             AS told (n, sign, at, epoch, sequence, received_at, content, brightness_share)
), before AS (
    SELECT sign, (SELECT content::text FROM sign_shown AS kept WHERE kept.sign = told.sign
                  ORDER BY received_at DESC, epoch DESC, sequence DESC LIMIT 1) AS content
    FROM (SELECT DISTINCT sign FROM told) AS told
), added AS (
    INSERT INTO sign_shown (sign, at, epoch, sequence, received_at, content, brightness_share, differs)
    SELECT sign, at, epoch, sequence, received_at, told.content, brightness_share,
           told.content::text IS DISTINCT FROM
           coalesce(lag(told.content::text) OVER (PARTITION BY sign ORDER BY n), before.content)
    FROM told JOIN before USING (sign)
    ORDER BY n
    ON CONFLICT DO NOTHING
    RETURNING sign, at, epoch, sequence
)
SELECT min(n) AS n FROM told JOIN added USING (sign, at, epoch, sequence) GROUP BY sign, at, epoch, sequence

-- name: newest
SELECT DISTINCT ON (sign) sign, at, epoch, sequence, received_at, content, brightness_share
FROM sign_shown
ORDER BY sign, received_at DESC, epoch DESC, sequence DESC
