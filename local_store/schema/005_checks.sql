-- What lets damage be found: a checksum on rows that answer a person or leave the machine (rows made before this step
-- have none).

ALTER TABLE receipt ADD COLUMN crc INTEGER;
ALTER TABLE outbox_request ADD COLUMN crc INTEGER;
ALTER TABLE party ADD COLUMN crc INTEGER;

-- projections ----------------------------------------------------------------------------------------------------

-- Journal rows that a salvage or a restore found missing, and the fact that tells of them.
CREATE TABLE journal_gap (
    first_seq INTEGER PRIMARY KEY,
    last_seq INTEGER NOT NULL,
    hash_before BLOB NOT NULL,
    told_seq INTEGER NOT NULL
) STRICT;
