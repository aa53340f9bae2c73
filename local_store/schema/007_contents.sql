-- What is in each package, and under which SSCC its contents became final: an HQ is told of whole parcels.
CREATE TABLE package_item (
    package_id TEXT NOT NULL,
    order_line_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    qty TEXT NOT NULL,
    PRIMARY KEY (package_id, order_line_id)
) STRICT, WITHOUT ROWID;
ALTER TABLE package ADD COLUMN packed_sscc TEXT;
CREATE INDEX fulfillment_order ON fulfillment(order_id);

-- What an earlier version packed: the views must be what a rebuild from the journal makes of them.
INSERT OR REPLACE INTO package_item
WITH packed(seq, body) AS (
    SELECT seq, body FROM journal WHERE kind = 'package.packed' AND json_valid(body)
    UNION ALL
    SELECT seq, json_extract(body, '$.body') FROM journal
    WHERE kind = 'history.recovered' AND json_valid(body) AND json_extract(body, '$.event_kind') = 'package.packed'
        AND json_extract(body, '$.applied') AND json_valid(json_extract(body, '$.body'))
)
SELECT json_extract(p.body, '$.package_id'), json_extract(i.value, '$.order_line_id'),
    json_extract(i.value, '$.sku'), json_extract(i.value, '$.qty')
FROM packed p, json_each(p.body, '$.items') i ORDER BY p.seq;
WITH packed(seq, body) AS (
    SELECT seq, body FROM journal WHERE kind = 'package.packed' AND json_valid(body)
    UNION ALL
    SELECT seq, json_extract(body, '$.body') FROM journal
    WHERE kind = 'history.recovered' AND json_valid(body) AND json_extract(body, '$.event_kind') = 'package.packed'
        AND json_extract(body, '$.applied') AND json_valid(json_extract(body, '$.body'))
)
UPDATE package SET packed_sscc = (
    SELECT json_extract(body, '$.sscc') FROM packed
    WHERE json_extract(body, '$.package_id') = package.package_id ORDER BY seq DESC LIMIT 1
);
