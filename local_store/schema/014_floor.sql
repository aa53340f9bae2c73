-- Goods of every kind of work: what is where, which unit carries which serial number, and what is being tallied.

-- While old facts are looked through, here and in the steps up to 022, they are found by their kind.
CREATE INDEX journal_kind_for_now ON journal(kind);

-- projections ----------------------------------------------------------------------------------------------------

ALTER TABLE place ADD COLUMN work_id TEXT;
ALTER TABLE product ADD COLUMN serial_required INTEGER NOT NULL DEFAULT 0;
ALTER TABLE product ADD COLUMN expiry_required INTEGER NOT NULL DEFAULT 0;
UPDATE product SET serial_required = told.serial_required, expiry_required = told.expiry_required
  FROM (SELECT body ->> '$.sku' AS sku, coalesce(body ->> '$.serial_required', 0) AS serial_required,
               coalesce(body ->> '$.expiry_required', 0) AS expiry_required, max(seq)
        FROM journal WHERE kind = 'product.received' GROUP BY body ->> '$.sku') AS told
  WHERE told.sku = product.sku;

-- How much of a product is in an account (see domain/stock.py), in millionths of a unit, so that SQL adds exactly.
-- Every move takes from one account what it gives to another: all accounts of a product add up to nothing.
CREATE TABLE stock (
    account TEXT NOT NULL,
    sku TEXT NOT NULL,
    lot_id TEXT NOT NULL,
    millionths INTEGER NOT NULL,
    PRIMARY KEY (account, sku, lot_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_of_product ON stock(sku);

CREATE TABLE serial (
    sku TEXT NOT NULL,
    serial TEXT NOT NULL,
    account TEXT NOT NULL,
    lot_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (sku, serial)
) STRICT, WITHOUT ROWID;
CREATE INDEX serial_by_itself ON serial(serial);

CREATE TABLE tally (
    tally_id TEXT PRIMARY KEY,
    work TEXT NOT NULL,
    about TEXT NOT NULL,
    status TEXT NOT NULL,
    workplace TEXT,
    worker_id TEXT,
    location_id TEXT,
    in_hand TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX tally_open ON tally(work, about) WHERE status = 'open';

CREATE TABLE tally_count (
    tally_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    count_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    qty TEXT NOT NULL,
    lot_id TEXT,
    expires_on TEXT,
    condition TEXT NOT NULL,
    location_id TEXT,
    serials TEXT NOT NULL,
    weight_mg INTEGER,
    container TEXT,
    PRIMARY KEY (tally_id, seq)
) STRICT, WITHOUT ROWID;

-- kept -----------------------------------------------------------------------------------------------------------

-- Facts up to here were recorded before stock was kept: what they moved is not in the ledger, nor after a rebuild.
CREATE TABLE stock_from (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    seq INTEGER NOT NULL
) STRICT;
INSERT INTO stock_from SELECT 1, coalesce(max(seq), 0) FROM journal;
