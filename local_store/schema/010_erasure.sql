-- Since which night nobody needs an address any more: it is erased so many nights later. Not rebuilt.
CREATE TABLE address_settled (
    party_id TEXT PRIMARY KEY,
    night INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Nights on which addresses were erased since the file was last written anew. Not rebuilt.
CREATE TABLE erased (
    night INTEGER PRIMARY KEY
) STRICT;
