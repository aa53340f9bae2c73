-- What is in each package, and under which SSCC its contents became final: an HQ is told of whole parcels.
CREATE TABLE package_item (
    package_id TEXT NOT NULL,
    order_line_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    qty TEXT NOT NULL,
    PRIMARY KEY (package_id, order_line_id)
) STRICT, WITHOUT ROWID;
ALTER TABLE package ADD COLUMN packed_sscc TEXT;
CREATE INDEX fulfillment_order ON fulfillment(order_id);
