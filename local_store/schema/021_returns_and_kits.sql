-- Returns, inspections, holds and kits.

-- projections ----------------------------------------------------------------------------------------------------

-- A return as it stands here: announced by an HQ (`lane`), made here, or known from its goods only. `lines` is JSON.
CREATE TABLE returned (
    return_id TEXT PRIMARY KEY,
    lane TEXT,
    number TEXT NOT NULL,
    order_id TEXT,
    lines TEXT NOT NULL,
    open INTEGER NOT NULL,
    status TEXT NOT NULL,
    restocked INTEGER NOT NULL DEFAULT 0,
    shipped_back INTEGER NOT NULL DEFAULT 0,
    details TEXT,
    made_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX returned_number ON returned(number);
CREATE INDEX returned_order ON returned(order_id);

-- What came with a return; `waiting` of it are not inspected, and `serials` are those of the units that wait.
CREATE TABLE return_goods (
    return_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    n INTEGER NOT NULL,
    line_id TEXT,
    sku TEXT NOT NULL,
    qty TEXT NOT NULL,
    waiting TEXT NOT NULL,
    condition TEXT NOT NULL,
    lot_id TEXT,
    expires_on TEXT,
    serials TEXT NOT NULL,
    PRIMARY KEY (return_id, seq, n)
) STRICT, WITHOUT ROWID;

-- What was decided about the goods of a return; `qty` is not known of decisions of an early version.
CREATE TABLE return_inspection (
    return_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    line_id TEXT,
    disposition TEXT NOT NULL,
    qty TEXT,
    restockable_qty TEXT NOT NULL,
    notes TEXT NOT NULL,
    PRIMARY KEY (return_id, seq)
) STRICT, WITHOUT ROWID;

INSERT INTO returned(return_id, lane, number, order_id, lines, open, status, made_seq, last_seq)
  SELECT return_id, lane, number, order_id, lines, open, 'awaiting_return', 0, 0
  FROM return_order;
INSERT OR IGNORE INTO returned(return_id, number, lines, open, status, made_seq, last_seq)
  SELECT DISTINCT body ->> '$.return_id', body ->> '$.return_id', '[]', 1, 'awaiting_return', 0, 0 FROM journal
  WHERE kind IN ('return.received', 'return.inspected', 'return.completed');
UPDATE returned SET status = told.status
  FROM (SELECT body ->> '$.return_id' AS return_id, max(seq),
               CASE kind WHEN 'return.received' THEN 'received' WHEN 'return.inspected' THEN 'inspected'
                         ELSE 'completed' END AS status
        FROM journal WHERE kind IN ('return.received', 'return.inspected', 'return.completed')
        GROUP BY body ->> '$.return_id') AS told
  WHERE told.return_id = returned.return_id;
UPDATE returned SET made_seq = told.first, last_seq = told.last
  FROM (SELECT body ->> '$.return_id' AS return_id, min(seq) AS first, max(seq) AS last
        FROM journal WHERE kind IN ('return.announced', 'return.received', 'return.inspected', 'return.completed')
        GROUP BY body ->> '$.return_id') AS told
  WHERE told.return_id = returned.return_id;
INSERT INTO return_inspection
  SELECT body ->> '$.return_id', seq, NULL, body ->> '$.disposition', NULL, body ->> '$.restockable_qty',
         coalesce(body ->> '$.notes', '') FROM journal WHERE kind = 'return.inspected';
UPDATE returned SET restocked = 1
  WHERE return_id IN (SELECT body ->> '$.return_id' FROM journal
                      WHERE kind = 'return.inspected' AND body ->> '$.restockable_qty' <> '0');
INSERT INTO return_goods
  SELECT j.body ->> '$.return_id', j.seq, l.key, l.value ->> '$.line_id', l.value ->> '$.sku', l.value ->> '$.qty',
         CASE WHEN inspected.last > j.seq THEN '0' ELSE l.value ->> '$.qty' END,
         coalesce(l.value ->> '$.condition', 'good'), l.value ->> '$.lot_id', l.value ->> '$.expires_on',
         coalesce(l.value -> '$.serials', '[]')
  FROM journal j JOIN json_each(j.body, '$.lines') l
  LEFT JOIN (SELECT body ->> '$.return_id' AS return_id, max(seq) AS last FROM journal
             WHERE kind = 'return.inspected' GROUP BY body ->> '$.return_id') AS inspected
    ON inspected.return_id = j.body ->> '$.return_id'
  WHERE j.kind = 'return.received';

-- Kits to build, wanted by an HQ or made here; `parts` is JSON, empty where only the bill says them.
CREATE TABLE kit_order (
    work_order_id TEXT PRIMARY KEY,
    lane TEXT,
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    sku TEXT NOT NULL,
    qty TEXT NOT NULL,
    parts TEXT NOT NULL,
    open INTEGER NOT NULL,
    built TEXT NOT NULL DEFAULT '0',
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX kit_order_number ON kit_order(number);

-- What a kit is made of, as it was said last.
CREATE TABLE kit_bill (
    sku TEXT PRIMARY KEY,
    parts TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Kits that were built, with the whole fact; `into_build` is the kit they went into.
CREATE TABLE kit_build (
    build_id TEXT PRIMARY KEY,
    work_order_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    sku TEXT NOT NULL,
    qty TEXT NOT NULL,
    into_build TEXT,
    fact TEXT NOT NULL,
    taken_apart INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX kit_build_of_order ON kit_build(work_order_id);

INSERT INTO kit_order(work_order_id, lane, number, name, sku, qty, parts, open, seq)
  SELECT body ->> '$.work_order_id', body ->> '$.lane', body ->> '$.number', coalesce(body ->> '$.name', ''),
         body ->> '$.sku', body ->> '$.qty', coalesce(body -> '$.parts', '[]'), coalesce(body ->> '$.open', 1),
         max(seq) FROM journal WHERE kind = 'work_order.announced' GROUP BY body ->> '$.work_order_id';
INSERT INTO kit_bill
  SELECT sku, parts FROM (
    SELECT body ->> '$.sku' AS sku, body -> '$.parts' AS parts, max(seq) FROM journal
    WHERE kind = 'work_order.announced' AND json_array_length(body, '$.parts') > 0 GROUP BY body ->> '$.sku');

-- Inspections: `seen` of the `units` that are to be looked at were; `records` is JSON, as in the facts.
CREATE TABLE qc (
    qc_id TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    status TEXT NOT NULL,
    units TEXT NOT NULL,
    of_units TEXT NOT NULL,
    seen TEXT NOT NULL,
    disposition TEXT,
    notes TEXT,
    records TEXT NOT NULL,
    made_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX qc_of_subject ON qc(subject_id);

-- Goods that nobody may take: what is NULL does not matter.
CREATE TABLE stock_hold (
    hold_id TEXT PRIMARY KEY,
    sku TEXT,
    lot_id TEXT,
    serial TEXT,
    location_id TEXT,
    reason TEXT NOT NULL,
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
