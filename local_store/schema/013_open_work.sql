-- Work that is not through, by its lane: each poll asks HQ of a little of it, and finds it without reading the rest.
CREATE INDEX picklist_not_through ON picklist(lane, picklist_id) WHERE status <> 'completed';
CREATE INDEX fulfillment_not_through ON fulfillment(lane, fulfillment_id) WHERE session <> 'packed';
