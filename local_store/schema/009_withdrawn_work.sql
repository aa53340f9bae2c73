-- Work that HQ took back or changed after hands here had begun it: a supervisor decides. And finding work that is not
-- through yet without reading all that ever was.

CREATE INDEX fulfillment_unpacked ON fulfillment(fulfillment_id) WHERE session <> 'packed';
CREATE INDEX picklist_unfinished ON picklist(picklist_id) WHERE status <> 'completed';

-- projections ----------------------------------------------------------------------------------------------------

CREATE TABLE work_exception (
    exception_id TEXT PRIMARY KEY,
    thing TEXT NOT NULL,
    work_id TEXT NOT NULL,
    lane TEXT NOT NULL,
    word TEXT NOT NULL,
    stage TEXT NOT NULL,
    did TEXT NOT NULL,
    sentence TEXT NOT NULL,
    proposed TEXT NOT NULL,
    offered TEXT NOT NULL,
    picklist TEXT,
    fulfillment TEXT,
    state TEXT NOT NULL CHECK (state IN ('open', 'held', 'decided')),
    choice TEXT,
    raised_seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX work_exception_of ON work_exception(work_id, thing);
CREATE INDEX work_exception_open ON work_exception(raised_seq) WHERE state <> 'decided';
