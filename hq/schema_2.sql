-- From version 1 to 2: the ledger knows more kinds of movement. SQLite cannot widen a CHECK, so the table is made anew.

ALTER TABLE movement RENAME TO movement_1;
CREATE TABLE movement (
    seq INTEGER PRIMARY KEY, at TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('opening', 'adjustment', 'pick', 'put_back', 'ship', 'unship', 'receipt',
        'put_away', 'return', 'restock', 'scrap', 'quarantine', 'vendor')),
    sku TEXT NOT NULL REFERENCES product, from_place TEXT NOT NULL, to_place TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity >= 0),
    reference TEXT, fulfillment_id TEXT, task_id TEXT, actor TEXT NOT NULL, device TEXT
) STRICT;
INSERT INTO movement SELECT * FROM movement_1;
DROP TABLE movement_1;
