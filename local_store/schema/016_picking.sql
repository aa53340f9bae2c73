-- Lots and serial numbers of what is picked, totes, zones and leases.

-- projections ----------------------------------------------------------------------------------------------------

ALTER TABLE pick_task ADD COLUMN lot_id TEXT;
ALTER TABLE picklist ADD COLUMN zone TEXT;
ALTER TABLE picklist ADD COLUMN worker_id TEXT;
UPDATE picklist SET worker_id = assigned.worker_id
  FROM (SELECT body ->> '$.picklist_id' AS picklist_id, body ->> '$.worker_id' AS worker_id, max(seq)
        FROM journal WHERE kind = 'picklist.assigned' GROUP BY body ->> '$.picklist_id') AS assigned
  WHERE assigned.picklist_id = picklist.picklist_id;

-- What is in hand while something is still to be said of it.
CREATE TABLE pick_hand (
    picklist_id TEXT PRIMARY KEY,
    task_id TEXT NOT NULL,
    qty TEXT NOT NULL,
    lot_id TEXT,
    expires_on TEXT,
    choice TEXT
) STRICT, WITHOUT ROWID;

-- The task whose goods are to go into their tote now.
CREATE TABLE pick_put (
    picklist_id TEXT PRIMARY KEY,
    task_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Of which lot the units of a count are, and their serial numbers.
CREATE TABLE pick_trace (
    count_id TEXT PRIMARY KEY,
    picklist_id TEXT NOT NULL,
    task_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    location_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    qty TEXT NOT NULL,
    lot_id TEXT NOT NULL,
    expires_on TEXT,
    serials TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX pick_trace_of_list ON pick_trace(picklist_id, seq);

-- When the units of a lot expire, as the newest fact about them said.
CREATE TABLE lot (
    sku TEXT NOT NULL,
    lot_id TEXT NOT NULL,
    expires_on TEXT NOT NULL,
    PRIMARY KEY (sku, lot_id)
) STRICT, WITHOUT ROWID;

INSERT OR REPLACE INTO lot
  SELECT line.value ->> '$.sku', line.value ->> '$.lot_id', line.value ->> '$.expires_on'
  FROM journal, json_each(journal.body, '$.lines') AS line
  WHERE journal.kind IN ('receipt.recorded', 'return.received')
    AND line.value ->> '$.lot_id' IS NOT NULL AND line.value ->> '$.expires_on' IS NOT NULL
  ORDER BY journal.seq, line.key;

-- Scans that came many at once, by the ids their handheld gave them.
CREATE TABLE pick_scan (
    picklist_id TEXT NOT NULL,
    scan_id TEXT NOT NULL,
    tasks TEXT NOT NULL,
    PRIMARY KEY (picklist_id, scan_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE picker_zone (
    workplace TEXT PRIMARY KEY,
    zone TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- kept -----------------------------------------------------------------------------------------------------------

-- The picklists that HQ keeps for this station, and until when.
CREATE TABLE work_lease (
    lane TEXT NOT NULL,
    picklist_id TEXT NOT NULL,
    lease_id TEXT NOT NULL,
    until_ms INTEGER NOT NULL,
    PRIMARY KEY (lane, picklist_id)
) STRICT, WITHOUT ROWID;
