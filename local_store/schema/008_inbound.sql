-- What HQs announced and what they believe: goods that come in or come back, kits to build, stock. Each row is what was
-- said last; `lines` and `parts` are JSON, as in the fact.

-- projections ----------------------------------------------------------------------------------------------------

CREATE TABLE inbound (
    inbound_id TEXT PRIMARY KEY,
    lane TEXT NOT NULL,
    against TEXT NOT NULL,
    number TEXT NOT NULL,
    supplier TEXT NOT NULL,
    expected_on TEXT,
    lines TEXT NOT NULL,
    open INTEGER NOT NULL,
    digest BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX inbound_number ON inbound(number);

CREATE TABLE return_order (
    return_id TEXT PRIMARY KEY,
    lane TEXT NOT NULL,
    number TEXT NOT NULL,
    order_id TEXT,
    lines TEXT NOT NULL,
    open INTEGER NOT NULL,
    digest BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX return_order_number ON return_order(number);

CREATE TABLE work_order (
    work_order_id TEXT PRIMARY KEY,
    lane TEXT NOT NULL,
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    sku TEXT NOT NULL,
    qty TEXT NOT NULL,
    parts TEXT NOT NULL,
    open INTEGER NOT NULL,
    digest BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE stock_told (
    lane TEXT NOT NULL,
    warehouse_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    qty TEXT NOT NULL,
    PRIMARY KEY (lane, warehouse_id, sku)
) STRICT, WITHOUT ROWID;
