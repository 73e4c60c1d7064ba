-- A row for each partition of each dataset: small. The key is three numbers instead of three texts, and what was in the
-- document is an array (sqlite/compact.rs). Rust code brings the old rows over, from `old_record`.
CREATE TABLE old_run AS SELECT dataset, at FROM run UNION SELECT DISTINCT dataset, 0 FROM record
    WHERE dataset NOT IN (SELECT dataset FROM run);
DROP TABLE run;
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    dataset TEXT NOT NULL UNIQUE,
    at INTEGER NOT NULL -- nanoseconds since 1970
) STRICT;
INSERT INTO run (dataset, at) SELECT dataset, at FROM old_run ORDER BY dataset;
DROP TABLE old_run;

ALTER TABLE record RENAME TO old_record;
CREATE TABLE record (
    dataset INTEGER NOT NULL, -- the id in `run`
    start INTEGER NOT NULL, -- hours since 1970, by the partition's own clock
    cadence INTEGER NOT NULL, -- 0 hourly, 1 daily, 2 weekly, 3 monthly: a day and its first hour start together
    document ANY NOT NULL, -- what a check saw and found
    mark TEXT, -- what a person said of it: a check does not replace it
    PRIMARY KEY (dataset, start, cadence)
) STRICT, WITHOUT ROWID;
