-- How many facts of each lane wait, are parked or cannot be told: kept with every promise, because counting a month's
-- backlog again for every view would hold up the screens. 'delivered' is not counted.
CREATE TABLE lane_count (
    lane TEXT NOT NULL,
    state TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (lane, state)
) STRICT, WITHOUT ROWID;

INSERT INTO lane_count SELECT lane, state, count(*) FROM outbox WHERE state <> 'delivered' GROUP BY lane, state;

CREATE TRIGGER promise_made AFTER INSERT ON outbox WHEN NEW.state <> 'delivered'
BEGIN
    INSERT INTO lane_count VALUES (NEW.lane, NEW.state, 1) ON CONFLICT (lane, state) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER promise_moved AFTER UPDATE OF state ON outbox WHEN NEW.state <> OLD.state
BEGIN
    UPDATE lane_count SET n = n - 1 WHERE lane = OLD.lane AND state = OLD.state;
    INSERT INTO lane_count SELECT NEW.lane, NEW.state, 1 WHERE NEW.state <> 'delivered'
        ON CONFLICT (lane, state) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER promise_dropped AFTER DELETE ON outbox WHEN OLD.state <> 'delivered'
BEGIN
    UPDATE lane_count SET n = n - 1 WHERE lane = OLD.lane AND state = OLD.state;
END;
