-- The truth of one site. Times are RFC 3339 UTC texts with milliseconds, weights grams, quantities whole units.
-- JSON columns hold what a client gave us and we only hand back.

CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
INSERT INTO meta VALUES ('label_secret', hex(randomblob(32)));

-- The first answer to every call that changed something, kept in the transaction of the change.
CREATE TABLE idempotency (
    key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL,
    body TEXT NOT NULL, etag TEXT NOT NULL, at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE location (
    location_id TEXT PRIMARY KEY, warehouse_id TEXT NOT NULL, zone TEXT NOT NULL, walk_key TEXT NOT NULL
) STRICT;

CREATE TABLE product (
    sku TEXT PRIMARY KEY, change_seq INTEGER NOT NULL UNIQUE,
    location_id TEXT NOT NULL REFERENCES location, body TEXT NOT NULL
) STRICT;

-- Every code a scanner may read for a product: no code may mean two products.
CREATE TABLE product_code (code TEXT PRIMARY KEY, sku TEXT NOT NULL REFERENCES product) STRICT;
CREATE INDEX product_code_sku ON product_code (sku);

-- seq is the order in which stock first came to a place: allocation takes the oldest first.
CREATE TABLE stock (
    seq INTEGER PRIMARY KEY,
    location_id TEXT NOT NULL REFERENCES location, sku TEXT NOT NULL REFERENCES product,
    on_hand INTEGER NOT NULL DEFAULT 0 CHECK (on_hand >= 0),
    reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved BETWEEN 0 AND on_hand),
    UNIQUE (location_id, sku)
) STRICT;
CREATE INDEX stock_sku ON stock (sku, seq);

-- The ledger. Beside real locations, goods are @outside, @picked or @shipped, @receiving (in, not yet on a shelf),
-- @returns (back, not yet inspected), @quarantine, @scrapped or @vendor (gone back to a supplier).
CREATE TABLE movement (
    seq INTEGER PRIMARY KEY, at TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('opening', 'adjustment', 'pick', 'put_back', 'ship', 'unship', 'receipt',
        'put_away', 'return', 'restock', 'scrap', 'quarantine', 'vendor')),
    sku TEXT NOT NULL REFERENCES product, from_place TEXT NOT NULL, to_place TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity >= 0),
    reference TEXT, fulfillment_id TEXT, task_id TEXT, actor TEXT NOT NULL, device TEXT
) STRICT;

CREATE TABLE stock_booking (
    reference TEXT NOT NULL, location_id TEXT NOT NULL, sku TEXT NOT NULL, quantity INTEGER NOT NULL,
    PRIMARY KEY (reference, location_id, sku)
) STRICT, WITHOUT ROWID;

CREATE TABLE fulfillment (
    seq INTEGER PRIMARY KEY, fulfillment_id TEXT NOT NULL UNIQUE, order_id TEXT NOT NULL UNIQUE,
    warehouse_id TEXT NOT NULL, status TEXT NOT NULL, source TEXT,
    requested_ship_date TEXT, ordered_at TEXT, shipped_at TEXT,
    carrier_hint TEXT, service_code TEXT, insurance TEXT, ship_to TEXT, metadata TEXT NOT NULL,
    given_hash TEXT NOT NULL, version INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX fulfillment_status ON fulfillment (status, seq);

CREATE TABLE fulfillment_line (
    fulfillment_id TEXT NOT NULL REFERENCES fulfillment (fulfillment_id), position INTEGER NOT NULL,
    order_line_id TEXT NOT NULL, sku TEXT NOT NULL REFERENCES product,
    qty INTEGER NOT NULL CHECK (qty > 0), attributes TEXT NOT NULL,
    PRIMARY KEY (fulfillment_id, order_line_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE allocation (
    seq INTEGER PRIMARY KEY, allocation_id TEXT NOT NULL UNIQUE,
    fulfillment_id TEXT NOT NULL REFERENCES fulfillment (fulfillment_id),
    status TEXT NOT NULL, shortages TEXT NOT NULL, created_at TEXT NOT NULL, confirmed_at TEXT
) STRICT;
CREATE INDEX allocation_fulfillment ON allocation (fulfillment_id);

-- qty shrinks by what is released; qty minus what its task picked is what stock.reserved holds for it.
CREATE TABLE allocation_line (
    seq INTEGER PRIMARY KEY, allocation_id TEXT NOT NULL REFERENCES allocation (allocation_id),
    fulfillment_id TEXT NOT NULL, order_line_id TEXT NOT NULL,
    location_id TEXT NOT NULL, sku TEXT NOT NULL, lot_id TEXT, qty INTEGER NOT NULL CHECK (qty >= 0),
    FOREIGN KEY (fulfillment_id, order_line_id) REFERENCES fulfillment_line,
    FOREIGN KEY (location_id, sku) REFERENCES stock (location_id, sku)
) STRICT;
CREATE INDEX allocation_line_fulfillment ON allocation_line (fulfillment_id);
CREATE INDEX allocation_line_allocation ON allocation_line (allocation_id);

CREATE TABLE picklist (
    seq INTEGER PRIMARY KEY, picklist_id TEXT NOT NULL UNIQUE, warehouse_id TEXT NOT NULL,
    status TEXT NOT NULL, priority TEXT NOT NULL, picker_group TEXT, worker_id TEXT, device_id TEXT,
    pick_confirmation_id TEXT, completion TEXT, version INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL
) STRICT;

-- priority_rank, ship_by and walk_key are copied here so that the list of open work is one index.
CREATE TABLE task (
    seq INTEGER PRIMARY KEY, task_id TEXT NOT NULL UNIQUE,
    picklist_id TEXT NOT NULL REFERENCES picklist (picklist_id),
    fulfillment_id TEXT NOT NULL REFERENCES fulfillment (fulfillment_id), order_line_id TEXT NOT NULL,
    allocation_seq INTEGER NOT NULL UNIQUE REFERENCES allocation_line (seq),
    location_id TEXT NOT NULL, sku TEXT NOT NULL, lot_id TEXT,
    qty INTEGER NOT NULL CHECK (qty > 0), picked INTEGER NOT NULL DEFAULT 0 CHECK (picked BETWEEN 0 AND qty),
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'done', 'short')), short_reason TEXT,
    worker_id TEXT, device_id TEXT,
    priority_rank INTEGER NOT NULL, ship_by TEXT NOT NULL, walk_key TEXT NOT NULL
) STRICT;
CREATE INDEX task_picklist ON task (picklist_id, sku);
CREATE INDEX task_fulfillment ON task (fulfillment_id);
CREATE INDEX task_work ON task (status, priority_rank, ship_by, walk_key, seq);

-- What a handheld reported, once each, with the answer it got.
CREATE TABLE scan (
    picklist_id TEXT NOT NULL REFERENCES picklist (picklist_id), scan_id TEXT NOT NULL,
    fingerprint TEXT NOT NULL, result TEXT NOT NULL, PRIMARY KEY (picklist_id, scan_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE adjustment (
    picklist_id TEXT NOT NULL REFERENCES picklist (picklist_id), adjustment_id TEXT NOT NULL,
    fingerprint TEXT NOT NULL, result TEXT NOT NULL, PRIMARY KEY (picklist_id, adjustment_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE shipment (
    seq INTEGER PRIMARY KEY, shipment_id TEXT NOT NULL UNIQUE,
    fulfillment_id TEXT NOT NULL REFERENCES fulfillment (fulfillment_id), status TEXT NOT NULL,
    from_warehouse_id TEXT NOT NULL, to_address TEXT, carrier_hint TEXT, service_code TEXT, insurance TEXT,
    reference TEXT, metadata TEXT NOT NULL, tracking_number TEXT UNIQUE,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX shipment_fulfillment ON shipment (fulfillment_id);

CREATE TABLE pack_session (
    session_id TEXT PRIMARY KEY, station_id TEXT NOT NULL, worker_id TEXT NOT NULL,
    fulfillment_id TEXT REFERENCES fulfillment (fulfillment_id), opened_at TEXT NOT NULL
) STRICT;

CREATE TABLE package (
    seq INTEGER PRIMARY KEY, package_id TEXT NOT NULL UNIQUE,
    fulfillment_id TEXT NOT NULL REFERENCES fulfillment (fulfillment_id), station_id TEXT NOT NULL,
    weight_g INTEGER NOT NULL CHECK (weight_g > 0), dims TEXT, sscc TEXT UNIQUE, metadata TEXT NOT NULL,
    sealed_at TEXT, shipment_id TEXT REFERENCES shipment (shipment_id), created_at TEXT NOT NULL
) STRICT;
CREATE INDEX package_fulfillment ON package (fulfillment_id);

CREATE TABLE package_item (
    package_id TEXT NOT NULL REFERENCES package (package_id), fulfillment_id TEXT NOT NULL,
    order_line_id TEXT NOT NULL, qty INTEGER NOT NULL CHECK (qty > 0), serials TEXT NOT NULL,
    PRIMARY KEY (package_id, order_line_id),
    FOREIGN KEY (fulfillment_id, order_line_id) REFERENCES fulfillment_line
) STRICT, WITHOUT ROWID;
CREATE INDEX package_item_line ON package_item (fulfillment_id, order_line_id);

-- Acts on a whole picklist name no fulfillment; a fulfillment's timeline includes those of its picklists.
CREATE TABLE timeline (
    seq INTEGER PRIMARY KEY, at TEXT NOT NULL, action TEXT NOT NULL, fulfillment_id TEXT, picklist_id TEXT,
    actor TEXT NOT NULL, device TEXT, correlation_id TEXT NOT NULL, details TEXT NOT NULL
) STRICT;
CREATE INDEX timeline_fulfillment ON timeline (fulfillment_id);
CREATE INDEX timeline_picklist ON timeline (picklist_id);

CREATE TABLE import_job (
    seq INTEGER PRIMARY KEY, job_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, status TEXT NOT NULL,
    total INTEGER NOT NULL, next_line INTEGER NOT NULL DEFAULT 1,
    accepted INTEGER NOT NULL DEFAULT 0, already_there INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0, actor TEXT NOT NULL, correlation_id TEXT NOT NULL, created_at TEXT NOT NULL
) STRICT;
CREATE TABLE import_chunk (
    job_id TEXT NOT NULL, first_line INTEGER NOT NULL, last_line INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (job_id, first_line)
) STRICT, WITHOUT ROWID;
CREATE TABLE import_error (
    job_id TEXT NOT NULL, line INTEGER NOT NULL, message TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (job_id, line)
) STRICT, WITHOUT ROWID;
