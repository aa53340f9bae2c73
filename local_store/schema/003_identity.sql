-- Who this store is, where it came from, and which numbers it may give out.

ALTER TABLE epoch ADD COLUMN reason TEXT NOT NULL DEFAULT 'start'
    CHECK (reason IN ('install', 'start', 'restore', 'clone', 'salvage'));
ALTER TABLE epoch ADD COLUMN host_fp TEXT NOT NULL DEFAULT '';

-- Left by whoever put this file in place (a restore, a salvage): the next start begins a new lineage.
CREATE TABLE fence_wanted (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    reason TEXT NOT NULL CHECK (reason IN ('restore', 'clone', 'salvage')),
    sentence TEXT NOT NULL,
    wall_ms INTEGER NOT NULL
) STRICT;

-- How many numbers went in a day (since 1970, UTC): for the days left. Not rebuilt.
CREATE TABLE number_use (
    kind TEXT NOT NULL,
    day INTEGER NOT NULL,
    used INTEGER NOT NULL,
    PRIMARY KEY (kind, day)
) STRICT, WITHOUT ROWID;

-- projections ----------------------------------------------------------------------------------------------------

CREATE TABLE fence (
    lineage TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    sentence TEXT NOT NULL,
    raised_seq INTEGER NOT NULL,
    settled_seq INTEGER
) STRICT, WITHOUT ROWID;

-- Journal rows of another lineage of this station that HQ gave back, by their hash.
CREATE TABLE recovered (
    hash BLOB PRIMARY KEY,
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE history_conflict (
    subject TEXT PRIMARY KEY,
    sentence TEXT NOT NULL,
    found_seq INTEGER NOT NULL,
    settled_seq INTEGER
) STRICT, WITHOUT ROWID;

DROP TABLE sscc_number;
CREATE TABLE number_block (
    block_id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    prefix TEXT NOT NULL,
    extension_digit INTEGER,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    next INTEGER NOT NULL,
    source TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('usable', 'retired', 'burned')),
    leased_seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX number_block_usable ON number_block(kind, leased_seq) WHERE state = 'usable';
