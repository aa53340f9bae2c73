-- People who may sign in by a bundle of badges, their attempts and keys, and the devices they carry.

-- projections ----------------------------------------------------------------------------------------------------

CREATE TABLE known_device (
    device_id TEXT PRIMARY KEY,
    device_kind TEXT NOT NULL,
    model TEXT,
    firmware TEXT,
    warehouse_id TEXT,
    metadata TEXT NOT NULL,
    first_seq INTEGER NOT NULL,        -- its times are those of these rows of the journal
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The facts that belong into the log of a device, by their rows in the journal.
CREATE TABLE device_act (
    device_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (device_id, seq)
) STRICT, WITHOUT ROWID;

-- kept -----------------------------------------------------------------------------------------------------------

-- Time that no hand on the clock can move, as it was looked at last; see domain/steady.py.
CREATE TABLE steady (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    boot_id TEXT NOT NULL,
    mono_ms INTEGER NOT NULL,
    ran_ms INTEGER NOT NULL,
    now_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE badge_bundle (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    key_id TEXT NOT NULL,
    issued_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL
) STRICT;

-- The people of that bundle. Names, badges and what stands for PINs are in no fact.
CREATE TABLE badge_person (
    worker_id TEXT PRIMARY KEY,
    badge TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    roles TEXT NOT NULL,
    pin_hash TEXT,
    language TEXT
) STRICT, WITHOUT ROWID;

-- The last bundle that was refused, so that one that comes with every pull is told once.
CREATE TABLE badge_refused (
    source TEXT PRIMARY KEY,
    what TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Wrong PINs in a row, and how long this station must have run before the next may be tried.
CREATE TABLE pin_attempt (
    worker_id TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    until_ran_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Keys given for a while, by the SHA-256 of their secrets; `ended` says why one works no more. Times are steady ones.
CREATE TABLE access_key (
    key_id TEXT PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('worker', 'device')),
    device_id TEXT,
    worker_id TEXT,
    workplace TEXT,
    issued_by TEXT NOT NULL,
    made_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    idle_ms INTEGER,                   -- unused for so long, it ends
    used_ms INTEGER NOT NULL,
    ended TEXT
) STRICT, WITHOUT ROWID;

-- One-time codes by which a handheld gets its key, by the SHA-256 of their secrets.
CREATE TABLE enrolment (
    enrolment_id TEXT PRIMARY KEY,
    digest BLOB NOT NULL,
    device_id TEXT NOT NULL,
    workplace TEXT NOT NULL,
    issued_by TEXT NOT NULL,
    expires_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    used INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
