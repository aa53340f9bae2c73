-- What HQ keeps of its stations, for ever. A station's journal is a tree of lineages: a restored or cloned store begins
-- a new one where it parted from the old. `seq` and `hash` of a lineage are its watermark.

CREATE TABLE IF NOT EXISTS edge_lineage (
    device_id TEXT NOT NULL, lineage TEXT NOT NULL, parent TEXT, parent_seq INTEGER NOT NULL,
    host TEXT NOT NULL, fingerprint TEXT NOT NULL, begun_at TEXT NOT NULL, heard_at TEXT NOT NULL,
    seq INTEGER NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (device_id, lineage)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS edge_row (
    device_id TEXT NOT NULL, lineage TEXT NOT NULL, seq INTEGER NOT NULL,
    epoch INTEGER NOT NULL, epoch_id TEXT NOT NULL, event_id TEXT NOT NULL, command_id TEXT NOT NULL,
    kind TEXT NOT NULL, version INTEGER NOT NULL, actor TEXT, station TEXT NOT NULL, correlation_id TEXT,
    wall_ms INTEGER NOT NULL, wall_quality TEXT NOT NULL, mono_ms INTEGER NOT NULL,
    body TEXT NOT NULL, prev_hash TEXT NOT NULL, hash TEXT NOT NULL,
    PRIMARY KEY (device_id, lineage, seq)
) STRICT, WITHOUT ROWID;

-- Facts whose effect is in the truth; written in the transaction of the effect.
CREATE TABLE IF NOT EXISTS edge_delivered (
    device_id TEXT NOT NULL, event_id TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (device_id, event_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS edge_alarm (
    seq INTEGER PRIMARY KEY, at TEXT NOT NULL, device_id TEXT NOT NULL, kind TEXT NOT NULL,
    about TEXT NOT NULL, sentence TEXT NOT NULL, hosts TEXT NOT NULL, UNIQUE (device_id, kind, about)
) STRICT;

CREATE TABLE IF NOT EXISTS number_block (
    seq INTEGER PRIMARY KEY, block_id TEXT NOT NULL UNIQUE, device_id TEXT NOT NULL, lineage TEXT NOT NULL,
    kind TEXT NOT NULL, prefix TEXT NOT NULL, extension_digit INTEGER,
    first INTEGER NOT NULL, last INTEGER NOT NULL CHECK (last >= first), leased_at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS number_block_kind ON number_block (kind, prefix, extension_digit, last);

-- What a station reported once, with the answer it got: `kind` is receipt, put_away or count.
CREATE TABLE IF NOT EXISTS edge_act (
    seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, act_id TEXT NOT NULL, fingerprint TEXT NOT NULL,
    told TEXT NOT NULL, at TEXT NOT NULL, UNIQUE (kind, act_id)
) STRICT;

CREATE TABLE IF NOT EXISTS receiving_asn (
    seq INTEGER PRIMARY KEY, receiving_asn_id TEXT NOT NULL UNIQUE, inbound_type TEXT NOT NULL,
    client_asn_id TEXT UNIQUE, purchase_order_number TEXT, receiving_node TEXT NOT NULL,
    body TEXT NOT NULL, given_hash TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS receiving_asn_order ON receiving_asn (purchase_order_number);
CREATE TABLE IF NOT EXISTS receiving_asn_line (
    receiving_asn_id TEXT NOT NULL REFERENCES receiving_asn (receiving_asn_id), pb_line_id INTEGER NOT NULL,
    sku TEXT NOT NULL REFERENCES product, expected INTEGER NOT NULL, received INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL, PRIMARY KEY (receiving_asn_id, pb_line_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS work_lease (
    lease_id TEXT NOT NULL UNIQUE, thing TEXT NOT NULL, thing_id TEXT NOT NULL, station TEXT NOT NULL,
    leased_at TEXT NOT NULL, expires_at TEXT NOT NULL, PRIMARY KEY (thing, thing_id)
) STRICT, WITHOUT ROWID;

-- One-time codes by which a machine becomes a station. `handle` is the first half of the code, `digest` stands for all.
CREATE TABLE IF NOT EXISTS enrolment (
    seq INTEGER PRIMARY KEY, enrolment_id TEXT NOT NULL UNIQUE, handle TEXT NOT NULL, digest BLOB NOT NULL UNIQUE,
    device_id TEXT NOT NULL, settings TEXT NOT NULL, made_by TEXT NOT NULL, made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0, redeemed_at TEXT, host TEXT, key_id TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS enrolment_handle ON enrolment (handle);
CREATE INDEX IF NOT EXISTS enrolment_redeemed ON enrolment (device_id) WHERE redeemed_at IS NOT NULL;
