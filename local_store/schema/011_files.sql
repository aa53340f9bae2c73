-- Files beside the journal, by what they hold: labels that carriers made, photos that go to an HQ. Facts name a file by
-- its SHA-256 only, so that its bytes can be erased without breaking their chain.

CREATE TABLE file (
    sha256 TEXT PRIMARY KEY,
    content_type TEXT NOT NULL,
    bytes BLOB NOT NULL,
    kept_ms INTEGER NOT NULL,
    kept_seq INTEGER NOT NULL          -- the journal was so long then: age is counted in nights, not by the clock
) STRICT;

-- Labels that are to be fetched from an HQ; `shipment_id` is HQ's.
CREATE TABLE label_wanted (
    lane TEXT NOT NULL,
    shipment_id TEXT NOT NULL,
    fulfillment_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('wanted', 'kept', 'refused')),
    attempts INTEGER NOT NULL DEFAULT 0,
    due_ms INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    PRIMARY KEY (lane, shipment_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX label_wanted_open ON label_wanted(lane, due_ms) WHERE state <> 'kept';

-- Files that go to an HQ; `of` is what they are about, like `fulfillment:F-1`.
CREATE TABLE file_upload (
    lane TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    of TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'refused')),
    attempts INTEGER NOT NULL DEFAULT 0,
    due_ms INTEGER NOT NULL DEFAULT 0,
    file_id TEXT,
    reason TEXT,
    PRIMARY KEY (lane, sha256, of)
) STRICT, WITHOUT ROWID;
CREATE INDEX file_upload_open ON file_upload(lane, due_ms) WHERE state <> 'delivered';
CREATE INDEX file_upload_file ON file_upload(sha256);

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
