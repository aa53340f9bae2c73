-- Codes that a supervisor linked to a product at this station. They stand beside HQ's own (`code`), which HQ replaces
-- whenever it describes the product anew.

-- projections ----------------------------------------------------------------------------------------------------

CREATE TABLE linked_code (
    key TEXT PRIMARY KEY,
    code TEXT NOT NULL,
    sku TEXT NOT NULL,
    multiplier INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
