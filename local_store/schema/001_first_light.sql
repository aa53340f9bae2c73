-- The store of one station. Facts: epoch, journal. Answers: receipt. Promises: outbox, outbox_request.
-- Paper: spool_job, spool_attempt. People and addresses: party. Everything below "projections" can be dropped and
-- rebuilt from the journal.

CREATE TABLE epoch (
    ordinal INTEGER PRIMARY KEY,
    epoch_id TEXT NOT NULL UNIQUE,
    started_ms INTEGER NOT NULL,
    app_version TEXT NOT NULL
) STRICT;

CREATE TABLE journal (
    seq INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL REFERENCES epoch(ordinal),
    event_id BLOB NOT NULL,
    command_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    actor TEXT,
    station TEXT NOT NULL,
    correlation_id TEXT,
    wall_ms INTEGER NOT NULL,
    wall_quality TEXT NOT NULL,
    mono_ms INTEGER NOT NULL,
    body TEXT NOT NULL,
    prev_hash BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;

CREATE TRIGGER journal_is_never_edited BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'a fact is never edited; write a correcting fact'); END;
CREATE TRIGGER journal_is_never_pruned BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'a fact is never deleted; write a correcting fact'); END;

CREATE TABLE receipt (
    command_id BLOB PRIMARY KEY,
    fingerprint BLOB NOT NULL,
    status TEXT NOT NULL,
    answer TEXT NOT NULL,
    first_seq INTEGER,
    last_seq INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    lane TEXT NOT NULL,
    seq INTEGER NOT NULL REFERENCES journal(seq),
    entity TEXT NOT NULL,
    follows TEXT,
    state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'parked', 'not_deliverable')),
    request_id INTEGER,
    reason TEXT,
    PRIMARY KEY (lane, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_open ON outbox(lane, entity, seq) WHERE state IN ('pending', 'parked');
CREATE INDEX outbox_pending ON outbox(lane, seq) WHERE state = 'pending';
CREATE INDEX outbox_of_request ON outbox(request_id) WHERE request_id IS NOT NULL AND state IN ('pending', 'parked');
CREATE INDEX outbox_parked ON outbox(lane, entity) WHERE state = 'parked';
CREATE INDEX outbox_not_deliverable ON outbox(lane, seq) WHERE state = 'not_deliverable';

CREATE TABLE outbox_request (
    request_id INTEGER PRIMARY KEY,
    lane TEXT NOT NULL,
    entity TEXT NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    body TEXT NOT NULL,
    body_hash BLOB NOT NULL,
    idempotency_key TEXT NOT NULL UNIQUE,
    created_ms INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'answered', 'refused')),
    attempts INTEGER NOT NULL DEFAULT 0,
    due_ms INTEGER NOT NULL DEFAULT 0,
    last_status INTEGER,
    last_answer TEXT
) STRICT;
CREATE INDEX outbox_request_open ON outbox_request(lane, entity) WHERE state = 'open';

CREATE TABLE spool_job (
    job_id TEXT PRIMARY KEY,
    fulfillment_id TEXT NOT NULL,
    picklist_id TEXT,
    package_id TEXT NOT NULL,
    sscc TEXT NOT NULL,
    workplace TEXT NOT NULL,
    copy_no INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    zpl BLOB,
    requested_seq INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX spool_job_waiting ON spool_job(workplace, requested_seq) WHERE state <> 'confirmed';
CREATE INDEX spool_job_recent ON spool_job(workplace, requested_seq);
CREATE INDEX spool_job_package ON spool_job(package_id);

CREATE TABLE spool_attempt (
    job_id TEXT NOT NULL REFERENCES spool_job(job_id),
    n INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    copy_no INTEGER NOT NULL,
    bytes_hash BLOB NOT NULL,
    count_before INTEGER,
    count_after INTEGER,
    started_ms INTEGER NOT NULL,
    outcome TEXT,
    PRIMARY KEY (job_id, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE party (
    party_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    address TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE pull_cursor (
    lane TEXT NOT NULL,
    what TEXT NOT NULL,
    cursor TEXT NOT NULL,
    PRIMARY KEY (lane, what)
) STRICT, WITHOUT ROWID;

-- projections ----------------------------------------------------------------------------------------------------

CREATE TABLE place (
    workplace TEXT PRIMARY KEY,
    worker_id TEXT,
    picklist_id TEXT,
    fulfillment_id TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE product (
    sku TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    pack_text TEXT NOT NULL,
    nominal_weight_mg INTEGER,
    location_id TEXT,
    digest BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE code (
    key TEXT NOT NULL,
    thing TEXT NOT NULL,
    id TEXT NOT NULL,
    multiplier INTEGER NOT NULL,
    PRIMARY KEY (key, thing, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX code_of ON code(thing, id);

CREATE TABLE fulfillment (
    fulfillment_id TEXT PRIMARY KEY,
    lane TEXT NOT NULL,
    order_id TEXT NOT NULL,
    warehouse_id TEXT NOT NULL,
    party_id TEXT NOT NULL,
    picklist_id TEXT,
    tote_id TEXT,
    session TEXT NOT NULL,
    workplace TEXT,
    package_id TEXT,
    counting_line_id TEXT,
    ship_by TEXT,
    carrier_hint TEXT,
    service_code TEXT,
    insurance TEXT,
    metadata TEXT,
    ready_seq INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX fulfillment_ready ON fulfillment(ready_seq) WHERE session = 'ready';

CREATE TABLE fulfillment_line (
    fulfillment_id TEXT NOT NULL,
    order_line_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    sku TEXT NOT NULL,
    qty TEXT NOT NULL,
    picked TEXT NOT NULL,
    packed TEXT NOT NULL,
    PRIMARY KEY (fulfillment_id, order_line_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE picklist (
    picklist_id TEXT PRIMARY KEY,
    lane TEXT NOT NULL,
    priority INTEGER NOT NULL,
    ship_by TEXT,
    status TEXT NOT NULL,
    workplace TEXT,
    location_id TEXT,
    counting_task_id TEXT,
    first_location TEXT NOT NULL,
    pick_confirmation_id TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX picklist_open ON picklist(priority, ship_by, first_location) WHERE status = 'open';

CREATE TABLE pick_task (
    picklist_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    task_id TEXT NOT NULL UNIQUE,
    fulfillment_id TEXT NOT NULL,
    order_line_id TEXT NOT NULL,
    location_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    qty TEXT NOT NULL,
    picked TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT,
    PRIMARY KEY (picklist_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX pick_task_of_fulfillment ON pick_task(fulfillment_id);

CREATE TABLE last_count (
    work TEXT NOT NULL,
    n INTEGER NOT NULL,
    count_id TEXT NOT NULL,
    line_id TEXT NOT NULL,
    qty TEXT NOT NULL,
    PRIMARY KEY (work, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE package (
    package_id TEXT PRIMARY KEY,
    fulfillment_id TEXT NOT NULL,
    status TEXT NOT NULL,
    weight_mg INTEGER,
    expected_mg INTEGER,
    sscc TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE sscc_number (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    last_serial INTEGER NOT NULL
) STRICT;

CREATE TABLE hq_ref (
    lane TEXT NOT NULL,
    thing TEXT NOT NULL,
    local_id TEXT NOT NULL,
    hq_id TEXT NOT NULL,
    PRIMARY KEY (lane, thing, local_id)
) STRICT, WITHOUT ROWID;
