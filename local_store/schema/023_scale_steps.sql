-- How coarse each scale is, as its weights show. Filled from facts that know what a parcel weighed empty (since 017).

-- projections ----------------------------------------------------------------------------------------------------

CREATE TABLE scale_step (
    scale TEXT PRIMARY KEY,
    step_mg INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The step of the scale that weighed a parcel, as it was known then.
ALTER TABLE package ADD COLUMN step_mg INTEGER;
