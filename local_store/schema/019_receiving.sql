-- Receipts, pallets and what waits to be put away.

-- projections ----------------------------------------------------------------------------------------------------

ALTER TABLE tally ADD COLUMN container TEXT;
ALTER TABLE tally_count ADD COLUMN photo TEXT;

-- A place for goods, as HQ described it; `room` is in millionths of a unit, NULL where it is not limited.
CREATE TABLE location (
    location_id TEXT PRIMARY KEY,
    lane TEXT NOT NULL,
    warehouse_id TEXT NOT NULL,
    zone TEXT NOT NULL,
    walk_order INTEGER NOT NULL,
    room INTEGER,
    mixed INTEGER NOT NULL,
    digest BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX location_walk ON location(walk_order);

-- What is asked of each unit of a product that comes in; products without such a rule have no row.
CREATE TABLE product_rule (
    sku TEXT PRIMARY KEY,
    lot_required INTEGER NOT NULL,
    catch_weight INTEGER NOT NULL,
    min_shelf_days INTEGER
) STRICT, WITHOUT ROWID;

-- Pallets that were announced, with what is on them as JSON, as in the fact.
CREATE TABLE inbound_pallet (
    sscc TEXT PRIMARY KEY,
    inbound_id TEXT NOT NULL,
    content TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX inbound_pallet_of ON inbound_pallet(inbound_id);

-- What came in, line by line, corrections included. Quantities are millionths, so that SQL adds exactly.
CREATE TABLE received_line (
    receipt_id TEXT NOT NULL,
    line INTEGER NOT NULL,
    entity TEXT NOT NULL,
    inbound_id TEXT,
    line_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    lot_id TEXT NOT NULL,
    expires_on TEXT,
    condition TEXT NOT NULL,
    container TEXT,
    millionths INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (receipt_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX received_line_of ON received_line(inbound_id);
CREATE INDEX received_line_sku ON received_line(sku, seq);
CREATE INDEX received_line_container ON received_line(container) WHERE container IS NOT NULL;

CREATE VIEW inbound_received AS
    SELECT inbound_id, line_id, sku, sum(millionths) AS received,
           sum(CASE WHEN condition = 'damaged' THEN millionths ELSE 0 END) AS damaged
    FROM received_line WHERE inbound_id IS NOT NULL GROUP BY inbound_id, line_id, sku;

-- Announcements that were closed here, or (0) opened again, whatever HQ says.
CREATE TABLE inbound_closed (
    inbound_id TEXT PRIMARY KEY,
    closed INTEGER NOT NULL,
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE goods_allowed (
    inbound_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    expires_on TEXT NOT NULL,
    millionths INTEGER NOT NULL,
    PRIMARY KEY (inbound_id, sku, expires_on)
) STRICT, WITHOUT ROWID;

CREATE TABLE discrepancy (
    discrepancy_id TEXT PRIMARY KEY,
    seq INTEGER NOT NULL,
    inbound_id TEXT,
    receipt_id TEXT,
    line_id TEXT,
    differs TEXT NOT NULL,
    sku TEXT NOT NULL,
    millionths INTEGER NOT NULL,
    lot_id TEXT,
    reason TEXT NOT NULL,
    photos TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX discrepancy_of ON discrepancy(inbound_id);

-- Pallets and cartons on the dock, and what is on them.
CREATE TABLE dock_unit (
    container TEXT NOT NULL,
    sku TEXT NOT NULL,
    lot_id TEXT NOT NULL,
    millionths INTEGER NOT NULL,
    serials TEXT NOT NULL,
    PRIMARY KEY (container, sku, lot_id)
) STRICT, WITHOUT ROWID;

-- What somebody has in hand on the way from the dock to a shelf.
CREATE TABLE put_away_hand (
    workplace TEXT PRIMARY KEY,
    lines TEXT NOT NULL,
    container TEXT,
    location_id TEXT
) STRICT, WITHOUT ROWID;

-- Announcements that are here already can be scanned by their number. A number that is a GTIN by its length and check
-- digit is looked up with 14 digits.
INSERT OR REPLACE INTO code
  SELECT CASE WHEN named.number NOT GLOB '*[^0-9]*' AND length(named.number) IN (8, 12, 13, 14)
               AND (SELECT sum(substr(named.long, value, 1) * CASE WHEN value % 2 = 1 THEN 3 ELSE 1 END) % 10 = 0
                    FROM json_each('[1,2,3,4,5,6,7,8,9,10,11,12,13,14]'))
              THEN named.long ELSE named.number END,
         'inbound', named.inbound_id, 1
  FROM (SELECT inbound_id, trim(number) AS number, substr('00000000000000' || trim(number), -14) AS long FROM inbound
        UNION SELECT inbound_id, trim(inbound_id), substr('00000000000000' || trim(inbound_id), -14) FROM inbound)
    AS named
  WHERE named.number <> '';

-- Receipts that were recorded before.
INSERT INTO received_line
  SELECT journal.body ->> '$.receipt_id', line.key,
         'inbound:' || coalesce(journal.body ->> '$.inbound_id', journal.body ->> '$.receipt_id'),
         journal.body ->> '$.inbound_id', coalesce(line.value ->> '$.line_id', ''), line.value ->> '$.sku',
         coalesce(line.value ->> '$.lot_id', ''), line.value ->> '$.expires_on', coalesce(line.value ->> '$.condition', 'good'),
         NULL,
         CAST(round((line.value ->> '$.qty') * 1000000.0) AS INTEGER), journal.seq
  FROM journal, json_each(journal.body, '$.lines') AS line WHERE journal.kind = 'receipt.recorded'
  ON CONFLICT DO NOTHING;
