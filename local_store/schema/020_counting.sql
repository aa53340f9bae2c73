-- Counts, how old what is known of a shelf is, and what HQs believe of each shelf.

-- projections ----------------------------------------------------------------------------------------------------

CREATE TABLE count_task (
    count_task_id TEXT PRIMARY KEY,
    seq INTEGER NOT NULL,
    location_id TEXT NOT NULL,
    sku TEXT,
    reason TEXT NOT NULL,
    blind INTEGER NOT NULL,
    status TEXT NOT NULL,
    counters TEXT NOT NULL,
    rounds TEXT NOT NULL,
    empty_asked INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX count_task_open ON count_task(location_id, seq) WHERE status <> 'settled';

CREATE TABLE location_counted (
    location_id TEXT PRIMARY KEY,
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The last fact that moved something into or out of an account: how old what it says is.
ALTER TABLE stock ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;

-- An HQ may tell its stock shelf by shelf; '' is the whole warehouse.
CREATE TABLE stock_told_before AS SELECT lane, warehouse_id, sku, qty FROM stock_told;
DROP TABLE stock_told;
CREATE TABLE stock_told (
    lane TEXT NOT NULL,
    warehouse_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    location_id TEXT NOT NULL,
    qty TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (lane, warehouse_id, sku, location_id)
) STRICT, WITHOUT ROWID;
INSERT INTO stock_told
  SELECT before.lane, before.warehouse_id, before.sku, '', before.qty, told.seq
  FROM stock_told_before AS before
  JOIN (SELECT body ->> '$.lane' AS lane, body ->> '$.warehouse_id' AS warehouse_id, body ->> '$.sku' AS sku,
               max(seq) AS seq
        FROM journal WHERE kind = 'stock.told' GROUP BY 1, 2, 3) AS told USING (lane, warehouse_id, sku);
DROP TABLE stock_told_before;
CREATE INDEX stock_told_of_product ON stock_told(sku);
