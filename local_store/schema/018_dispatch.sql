-- What is loaded, manifests and notices; and which facts tell of which thing.

-- projections ----------------------------------------------------------------------------------------------------

CREATE TABLE manifest (
    manifest_id TEXT PRIMARY KEY,
    carrier TEXT NOT NULL,
    dock TEXT NOT NULL,
    dispatch_date TEXT NOT NULL,
    status TEXT NOT NULL,
    workplace TEXT NOT NULL,
    worker_id TEXT NOT NULL,
    opened_seq INTEGER NOT NULL,
    closed_seq INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX manifest_open ON manifest(dock) WHERE status = 'open';
CREATE INDEX manifest_recent ON manifest(opened_seq);

-- Sealed parcels: `here`, `loaded` on an open manifest, or `left` with a closed one. Those that were sealed before
-- anything was loaded here (see stock_from) are in it only once they are loaded.
CREATE TABLE parcel (
    package_id TEXT PRIMARY KEY,
    fulfillment_id TEXT NOT NULL,
    state TEXT NOT NULL,
    manifest_id TEXT,
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX parcel_here ON parcel(seq) WHERE state = 'here';
CREATE INDEX parcel_on ON parcel(manifest_id, seq) WHERE manifest_id IS NOT NULL;
CREATE INDEX parcel_of ON parcel(fulfillment_id);

CREATE TABLE notice (
    asn_reference TEXT PRIMARY KEY,
    manifest_id TEXT NOT NULL,
    fulfillment_ids TEXT NOT NULL,
    expected_arrival TEXT,
    destination_warehouse_id TEXT,
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE vendor_shipment (
    vendor_shipment_id TEXT PRIMARY KEY,
    vendor TEXT NOT NULL,
    warehouse_id TEXT NOT NULL,
    lines TEXT NOT NULL,
    rma_reference TEXT,
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE closed_day (
    day TEXT PRIMARY KEY,
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Which journal rows tell of a thing. Counts and other facts that come with nearly every scan are not in it: they lie
-- between the first and the last row of their work, and are looked up there when a story is read.
CREATE TABLE story (
    thing TEXT NOT NULL,
    id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (thing, id, seq)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO story
  WITH told(seq, kind, body) AS (
    SELECT seq, kind, body FROM journal
     WHERE kind NOT IN ('pick.counted', 'pick.location_confirmed', 'pack.counted', 'scan.refused',
                        'history.recovered')
     UNION ALL
    SELECT seq, body ->> '$.event_kind', body ->> '$.body' FROM journal WHERE kind = 'history.recovered'
  )
  SELECT replace(named.key, '_id', ''), named.atom, told.seq
    FROM told, json_tree(told.body) AS named
   WHERE named.key IN ('picklist_id', 'fulfillment_id', 'package_id', 'return_id', 'work_order_id')
     AND named.atom <> ''
   UNION ALL
  SELECT 'serial', unit.atom, told.seq
    FROM told, json_tree(told.body) AS named, json_each(named.value) AS unit
   WHERE named.key = 'serials' AND named.type = 'array' AND unit.atom <> ''
   UNION ALL
  SELECT body ->> '$.thing', body ->> '$.work_id', seq FROM told
   WHERE kind IN ('work.withdrawn', 'work.changed', 'exception.raised', 'exception.decided');
