-- The size of one unit of each product, as far as HQ tells it: which box is large enough.

-- projections ----------------------------------------------------------------------------------------------------

CREATE TABLE product_size (
    sku TEXT PRIMARY KEY,
    length_mm INTEGER NOT NULL,
    width_mm INTEGER NOT NULL,
    height_mm INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
