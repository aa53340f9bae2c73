-- What a supervisor arranged: to whom lists were given, and tasks made by hand.

-- projections ----------------------------------------------------------------------------------------------------

ALTER TABLE picklist ADD COLUMN given_to TEXT;

CREATE TABLE hand_task (
    task_id TEXT PRIMARY KEY,
    seq INTEGER NOT NULL,
    type TEXT NOT NULL,
    instructions TEXT NOT NULL,
    subject TEXT,
    zone TEXT,
    priority INTEGER NOT NULL,
    worker_id TEXT,
    due_at TEXT,
    status TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX hand_task_open ON hand_task(priority, seq) WHERE status <> 'done';

-- Orders whose picking was asked for, and their list is not here yet.
CREATE TABLE wave_order (
    fulfillment_id TEXT PRIMARY KEY,
    wave_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- kept -----------------------------------------------------------------------------------------------------------

-- When each lane's HQ last told all it had, by this station's clock.
CREATE TABLE heard (
    lane TEXT PRIMARY KEY,
    at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

DROP INDEX IF EXISTS journal_kind_for_now;
