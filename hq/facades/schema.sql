-- What the facades keep beyond the one truth: each API's own records, under the id it gave them.
CREATE TABLE IF NOT EXISTS facade_record (
    seq INTEGER PRIMARY KEY, dialect TEXT NOT NULL, kind TEXT NOT NULL, record_id TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1, body TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
    UNIQUE (dialect, kind, record_id)
) STRICT;
