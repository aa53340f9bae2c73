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
