-- What seed 001 knows beside orders, picking, packing and shipping. Times are RFC 3339 UTC texts, quantities whole units.

INSERT OR IGNORE INTO meta VALUES ('badge_secret', hex(randomblob(32)));

CREATE INDEX IF NOT EXISTS timeline_device ON timeline (device, seq);
CREATE INDEX IF NOT EXISTS timeline_action ON timeline (action, at);
CREATE INDEX IF NOT EXISTS movement_kind ON movement (kind, at);

-- Goods beside the shelves by place (@receiving, @returns, @quarantine): what the ledger says, summed.
CREATE TABLE IF NOT EXISTS beside (
    place TEXT NOT NULL, sku TEXT NOT NULL REFERENCES product, quantity INTEGER NOT NULL CHECK (quantity >= 0),
    PRIMARY KEY (place, sku)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS device (
    seq INTEGER PRIMARY KEY, device_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, model TEXT, firmware TEXT,
    warehouse_id TEXT, metadata TEXT NOT NULL, registered_at TEXT NOT NULL, updated_at TEXT NOT NULL
) STRICT;

-- The secret itself is nowhere.
CREATE TABLE IF NOT EXISTS issued_key (
    seq INTEGER PRIMARY KEY, key_id TEXT NOT NULL UNIQUE, digest BLOB NOT NULL UNIQUE, device_id TEXT NOT NULL,
    worker_id TEXT, issued_by TEXT NOT NULL, made_at TEXT NOT NULL, expires_at TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS warehouse (
    warehouse_id TEXT PRIMARY KEY, body TEXT NOT NULL, version INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS worker (
    seq INTEGER PRIMARY KEY, worker_id TEXT NOT NULL UNIQUE, warehouse_id TEXT NOT NULL, name TEXT NOT NULL,
    badge_id TEXT NOT NULL UNIQUE, roles TEXT NOT NULL, skills TEXT NOT NULL, pin_hash TEXT,
    active INTEGER NOT NULL, updated_at TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS workstation (
    seq INTEGER PRIMARY KEY, station_id TEXT NOT NULL UNIQUE, warehouse_id TEXT NOT NULL, kind TEXT NOT NULL,
    name TEXT, zone TEXT, metadata TEXT NOT NULL, created_at TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS manual_task (
    seq INTEGER PRIMARY KEY, task_id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, warehouse_id TEXT NOT NULL,
    zone TEXT, subject TEXT, instructions TEXT NOT NULL, priority_rank INTEGER NOT NULL, due_at TEXT,
    status TEXT NOT NULL CHECK (status IN ('open', 'done')), worker_id TEXT, device_id TEXT, result TEXT,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS manual_task_work ON manual_task (type, status, priority_rank, seq);

CREATE TABLE IF NOT EXISTS rebin (
    picklist_id TEXT NOT NULL REFERENCES picklist (picklist_id), rebin_id TEXT NOT NULL,
    fingerprint TEXT NOT NULL, result TEXT NOT NULL, PRIMARY KEY (picklist_id, rebin_id)
) STRICT, WITHOUT ROWID;

-- Heavy work, one element to a transaction; its position is committed with the element.
CREATE TABLE IF NOT EXISTS job (
    seq INTEGER PRIMARY KEY, job_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, status TEXT NOT NULL,
    elements TEXT NOT NULL, total INTEGER NOT NULL, next INTEGER NOT NULL DEFAULT 0,
    done INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0, file BLOB,
    actor TEXT NOT NULL, correlation_id TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS job_status ON job (status, seq);
CREATE TABLE IF NOT EXISTS job_result (
    job_id TEXT NOT NULL, number INTEGER NOT NULL, ok INTEGER NOT NULL, told TEXT NOT NULL,
    PRIMARY KEY (job_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS manifest (
    seq INTEGER PRIMARY KEY, manifest_id TEXT NOT NULL UNIQUE, warehouse_id TEXT NOT NULL, carrier_id TEXT NOT NULL,
    dispatch_date TEXT NOT NULL, status TEXT NOT NULL, version INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS manifest_shipment (
    shipment_id TEXT NOT NULL REFERENCES shipment (shipment_id),
    manifest_id TEXT NOT NULL REFERENCES manifest (manifest_id), PRIMARY KEY (manifest_id, shipment_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS manifest_shipment_shipment ON manifest_shipment (shipment_id);
CREATE TABLE IF NOT EXISTS pickup (
    pickup_id TEXT PRIMARY KEY, shipment_id TEXT NOT NULL UNIQUE REFERENCES shipment (shipment_id),
    pickup_from TEXT NOT NULL, pickup_until TEXT, notes TEXT, created_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS tracking (
    seq INTEGER PRIMARY KEY, shipment_id TEXT NOT NULL REFERENCES shipment (shipment_id), event_id TEXT NOT NULL,
    status TEXT NOT NULL, at TEXT NOT NULL, note TEXT, UNIQUE (shipment_id, event_id)
) STRICT;
CREATE TABLE IF NOT EXISTS asn_notice (
    seq INTEGER PRIMARY KEY, asn_id TEXT NOT NULL UNIQUE, asn_reference TEXT NOT NULL UNIQUE,
    destination_warehouse_id TEXT, expected_arrival TEXT, shipments TEXT NOT NULL,
    metadata TEXT NOT NULL, created_at TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS rma (
    seq INTEGER PRIMARY KEY, return_id TEXT NOT NULL UNIQUE, order_id TEXT NOT NULL, rma_reference TEXT UNIQUE,
    reason TEXT NOT NULL, return_method TEXT NOT NULL, destination_warehouse_id TEXT NOT NULL, status TEXT NOT NULL,
    metadata TEXT NOT NULL, version INTEGER NOT NULL DEFAULT 1, created_at TEXT NOT NULL, updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS rma_status ON rma (status, seq);
CREATE TABLE IF NOT EXISTS rma_line (
    return_id TEXT NOT NULL REFERENCES rma (return_id), position INTEGER NOT NULL, line_id TEXT NOT NULL,
    sku TEXT NOT NULL REFERENCES product, expected INTEGER NOT NULL,
    received INTEGER NOT NULL DEFAULT 0, inspected INTEGER NOT NULL DEFAULT 0 CHECK (inspected <= received),
    PRIMARY KEY (return_id, line_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rma_receipt (
    seq INTEGER PRIMARY KEY, return_id TEXT NOT NULL REFERENCES rma (return_id), line_id TEXT NOT NULL,
    qty INTEGER NOT NULL CHECK (qty > 0), condition TEXT NOT NULL, serials TEXT NOT NULL, received_at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS rma_receipt_return ON rma_receipt (return_id);
CREATE TABLE IF NOT EXISTS rma_inspection (
    seq INTEGER PRIMARY KEY, return_id TEXT NOT NULL REFERENCES rma (return_id), line_id TEXT NOT NULL,
    disposition TEXT NOT NULL, qty INTEGER NOT NULL, restockable_qty INTEGER NOT NULL, notes TEXT, at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS rma_inspection_return ON rma_inspection (return_id);

CREATE TABLE IF NOT EXISTS file (
    file_id TEXT PRIMARY KEY, name TEXT NOT NULL, content_type TEXT NOT NULL, sha256 TEXT, content BLOB,
    created_at TEXT NOT NULL, uploaded_at TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS qc (
    seq INTEGER PRIMARY KEY, qc_id TEXT NOT NULL UNIQUE, fulfillment_id TEXT, return_id TEXT, status TEXT NOT NULL,
    disposition TEXT, notes TEXT, version INTEGER NOT NULL DEFAULT 1, created_at TEXT NOT NULL, updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS qc_status ON qc (status, seq);
CREATE TABLE IF NOT EXISTS qc_record (
    seq INTEGER PRIMARY KEY, qc_id TEXT NOT NULL REFERENCES qc (qc_id), at TEXT NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS qc_record_qc ON qc_record (qc_id);

CREATE TABLE IF NOT EXISTS serial_use (
    sku TEXT NOT NULL REFERENCES product, serial TEXT NOT NULL,
    fulfillment_id TEXT NOT NULL, order_line_id TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (sku, serial)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS serial_use_line ON serial_use (fulfillment_id, order_line_id);
-- Where single units and lots were seen, in and out.
CREATE TABLE IF NOT EXISTS trace (
    seq INTEGER PRIMARY KEY, at TEXT NOT NULL, event TEXT NOT NULL, sku TEXT NOT NULL, serial TEXT, lot_id TEXT,
    qty INTEGER NOT NULL, fulfillment_id TEXT, details TEXT NOT NULL, actor TEXT NOT NULL, device TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS trace_serial ON trace (serial, seq) WHERE serial IS NOT NULL;
CREATE INDEX IF NOT EXISTS trace_lot ON trace (lot_id, seq) WHERE lot_id IS NOT NULL;

CREATE TABLE IF NOT EXISTS setting (
    one INTEGER PRIMARY KEY CHECK (one = 1), body TEXT NOT NULL, version INTEGER NOT NULL, updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS packaging_profile (
    seq INTEGER PRIMARY KEY, profile_id TEXT NOT NULL UNIQUE, body TEXT NOT NULL, version INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS routing_rule (
    seq INTEGER PRIMARY KEY, rule_id TEXT NOT NULL UNIQUE, priority INTEGER NOT NULL, body TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS vendor_shipment (
    seq INTEGER PRIMARY KEY, vendor_shipment_id TEXT NOT NULL UNIQUE, warehouse_id TEXT NOT NULL,
    body TEXT NOT NULL, status TEXT NOT NULL, created_at TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS webhook (
    seq INTEGER PRIMARY KEY, webhook_id TEXT NOT NULL UNIQUE, url TEXT NOT NULL, events TEXT NOT NULL,
    secret TEXT NOT NULL, created_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS webhook_delivery (
    seq INTEGER PRIMARY KEY, delivery_id TEXT NOT NULL UNIQUE,
    webhook_id TEXT NOT NULL REFERENCES webhook (webhook_id) ON DELETE CASCADE, event TEXT NOT NULL,
    body TEXT NOT NULL, status TEXT NOT NULL CHECK (status IN ('pending', 'delivered', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0, next_at TEXT NOT NULL, last_answer TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS webhook_delivery_due ON webhook_delivery (status, next_at);
CREATE INDEX IF NOT EXISTS webhook_delivery_webhook ON webhook_delivery (webhook_id, status);
