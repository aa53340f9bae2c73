-- How old things are, counted in nights on which the station put itself in order: a clock that jumps ages nothing.
CREATE TABLE night (
    n INTEGER PRIMARY KEY,
    last_seq INTEGER NOT NULL,
    last_request INTEGER NOT NULL,
    bytes_used INTEGER NOT NULL
) STRICT;

-- The days, in the site's time, for which each calendar job was done.
CREATE TABLE calendar (
    job TEXT NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (job, day)
) STRICT, WITHOUT ROWID;

CREATE INDEX spool_job_bytes ON spool_job(requested_seq) WHERE zpl IS NOT NULL;
CREATE INDEX fulfillment_party ON fulfillment(party_id);
