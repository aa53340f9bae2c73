-- Files beside the journal, by what they hold: labels that carriers made, photos that go to an HQ. Facts name a file by
-- its SHA-256 only, so that its bytes can be erased without breaking their chain.

CREATE TABLE file (
    sha256 TEXT PRIMARY KEY,
    content_type TEXT NOT NULL,
    bytes BLOB NOT NULL,
    kept_ms INTEGER NOT NULL,
    kept_seq INTEGER NOT NULL          -- the journal was so long then: age is counted in nights, not by the clock
) STRICT;

-- Files on their way between this station and an HQ. `down`: the label of a shipment, `name` is HQ's id of it and `of` our
-- fulfillment. `up`: `name` is the SHA-256 of a file kept here and `of` what it is about, like `fulfillment:F-1`.
CREATE TABLE file_transfer (
    lane TEXT NOT NULL,
    way TEXT NOT NULL CHECK (way IN ('down', 'up')),
    name TEXT NOT NULL,
    of TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('wanted', 'done', 'refused')),
    attempts INTEGER NOT NULL DEFAULT 0,
    due_ms INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    PRIMARY KEY (lane, way, name, of)
) STRICT, WITHOUT ROWID;
CREATE INDEX file_transfer_wanted ON file_transfer(lane, due_ms) WHERE state = 'wanted';
CREATE INDEX file_transfer_refused ON file_transfer(lane) WHERE state = 'refused';
CREATE INDEX file_transfer_up ON file_transfer(name) WHERE way = 'up' AND state = 'wanted';

-- The carrier's file that a job prints, by its SHA-256; empty for a label of our own.
ALTER TABLE spool_job ADD COLUMN file TEXT NOT NULL DEFAULT '';
CREATE INDEX spool_job_file ON spool_job(file) WHERE file <> '';

-- projections ----------------------------------------------------------------------------------------------------

CREATE TABLE carrier_label (
    fulfillment_id TEXT NOT NULL,
    package_id TEXT NOT NULL,
    lane TEXT NOT NULL,
    tracking_number TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    content_type TEXT NOT NULL,
    PRIMARY KEY (fulfillment_id, package_id, lane)
) STRICT, WITHOUT ROWID;
