-- Packing: several parcels of an order and what is in each, what the packer confirmed, and what products really weigh.

-- projections ----------------------------------------------------------------------------------------------------

ALTER TABLE package ADD COLUMN number INTEGER NOT NULL DEFAULT 1;
ALTER TABLE package ADD COLUMN reason TEXT;      -- why a weight out of tolerance was accepted
ALTER TABLE package ADD COLUMN carton_id TEXT;
ALTER TABLE package ADD COLUMN tare_mg INTEGER;  -- of the carton and of the material in it
ALTER TABLE package ADD COLUMN length_mm INTEGER;
ALTER TABLE package ADD COLUMN width_mm INTEGER;
ALTER TABLE package ADD COLUMN height_mm INTEGER;
ALTER TABLE package ADD COLUMN photo TEXT;
UPDATE package SET reason = weighed.reason
  FROM (SELECT body ->> '$.package_id' AS package_id, body ->> '$.reason' AS reason, max(seq)
        FROM journal WHERE kind = 'package.weighed' GROUP BY body ->> '$.package_id') AS weighed
  WHERE weighed.package_id = package.package_id AND package.weight_mg IS NOT NULL;
ALTER TABLE fulfillment ADD COLUMN shipment_asked INTEGER NOT NULL DEFAULT 0;
UPDATE fulfillment SET shipment_asked = 1
  WHERE fulfillment_id IN (SELECT body ->> '$.fulfillment_id' FROM journal WHERE kind = 'shipment.requested');
CREATE INDEX package_of ON package(fulfillment_id);
CREATE INDEX fulfillment_packing ON fulfillment(workplace) WHERE session = 'packing';

-- Units that were picked and are not there to be packed.
CREATE TABLE pack_short (
    fulfillment_id TEXT NOT NULL,
    order_line_id TEXT NOT NULL,
    count_id TEXT NOT NULL,
    qty TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (fulfillment_id, order_line_id, count_id)
) STRICT, WITHOUT ROWID;

-- Of an order in packing: the line whose unit is in hand and still lacks its serial number.
CREATE TABLE pack_hand (
    fulfillment_id TEXT PRIMARY KEY,
    order_line_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Units in parcels of which a serial number or a lot is known, by the count that put them in.
CREATE TABLE package_unit (
    count_id TEXT PRIMARY KEY,
    fulfillment_id TEXT NOT NULL,
    package_id TEXT NOT NULL,
    order_line_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    qty TEXT NOT NULL,
    serial TEXT,
    lot_id TEXT,
    expires_on TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX package_unit_of ON package_unit(fulfillment_id);

CREATE TABLE pack_note (
    fulfillment_id TEXT NOT NULL,
    code TEXT NOT NULL,
    worker_id TEXT NOT NULL,
    PRIMARY KEY (fulfillment_id, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE package_material (
    package_id TEXT NOT NULL,
    material TEXT NOT NULL,
    qty TEXT NOT NULL,
    PRIMARY KEY (package_id, material)
) STRICT, WITHOUT ROWID;

-- Boxes, as an HQ described them last; inner size.
CREATE TABLE carton (
    lane TEXT NOT NULL,
    carton_id TEXT NOT NULL,
    name TEXT NOT NULL,
    length_mm INTEGER NOT NULL,
    width_mm INTEGER NOT NULL,
    height_mm INTEGER NOT NULL,
    tare_mg INTEGER,
    max_mg INTEGER,
    PRIMARY KEY (lane, carton_id)
) STRICT, WITHOUT ROWID;

-- What one unit of a product weighs, as good parcels show it: see domain/learning.py.
CREATE TABLE learned_weight (
    sku TEXT PRIMARY KEY,
    parcels INTEGER NOT NULL,
    mean_mg INTEGER NOT NULL,
    doubt_mg2 INTEGER NOT NULL,
    spread_mg2 INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
