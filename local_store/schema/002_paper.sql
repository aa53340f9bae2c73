-- What the print spool needs to know of each label: its stock, its evidence, its end.

ALTER TABLE spool_job ADD COLUMN label_class TEXT NOT NULL DEFAULT 'unique';
ALTER TABLE spool_job ADD COLUMN template TEXT NOT NULL DEFAULT 'gs1_logistic_4x6';
ALTER TABLE spool_job ADD COLUMN label_values TEXT NOT NULL DEFAULT '';   -- of a plain label, JSON
ALTER TABLE spool_job ADD COLUMN waiting_seq INTEGER NOT NULL DEFAULT 0;  -- the fact since which it waits
ALTER TABLE spool_job ADD COLUMN zpl_hash BLOB;                           -- compared before the first byte is sent
ALTER TABLE spool_job ADD COLUMN zpl_dpi INTEGER;                         -- what the bytes are drawn for
ALTER TABLE spool_job ADD COLUMN printer TEXT NOT NULL DEFAULT '';        -- of the newest attempt
ALTER TABLE spool_job ADD COLUMN evidence TEXT NOT NULL DEFAULT '';
ALTER TABLE spool_job ADD COLUMN box_check TEXT NOT NULL DEFAULT 'open' CHECK (box_check IN ('open', 'done', 'swapped'));
ALTER TABLE spool_attempt ADD COLUMN printer TEXT NOT NULL DEFAULT '';
UPDATE spool_job SET waiting_seq = requested_seq;

DROP INDEX spool_job_waiting;
CREATE INDEX spool_job_waiting ON spool_job(workplace, waiting_seq) WHERE state IN ('queued', 'ready');
CREATE INDEX spool_job_asking ON spool_job(workplace, requested_seq)
    WHERE state IN ('uncertain', 'failed_clean', 'expired');
CREATE INDEX spool_job_swapped ON spool_job(workplace, requested_seq) WHERE box_check = 'swapped';
CREATE INDEX spool_job_on_its_way ON spool_job(state) WHERE state IN ('sending', 'sent');

-- What each printer's own counter said last, and how many labels may have come out of it since unproved.
CREATE TABLE spool_printer (
    printer TEXT PRIMARY KEY,
    label_count INTEGER,
    unproved INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Which boot of the machine each run of the agent belongs to: monotonic times compare within one boot only.
CREATE TABLE spool_run (
    epoch INTEGER PRIMARY KEY REFERENCES epoch(ordinal),
    boot_id TEXT NOT NULL
) STRICT;

-- Each printed copy is known by its own code.
INSERT OR REPLACE INTO code(key, thing, id, multiplier)
    SELECT substr(body ->> '$.job_id', -12) || '-' || coalesce(body ->> '$.copy_no', 1), 'label',
        body ->> '$.job_id', coalesce(body ->> '$.copy_no', 1)
    FROM journal WHERE kind IN ('label.requested', 'label.reprint_approved') ORDER BY seq;
