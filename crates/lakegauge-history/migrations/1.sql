-- Partitions sort by their start as text: 2026-11-21T00:00:00. A day and its first hour start together, so that the
-- partition's name is in the key too.
CREATE TABLE record (
    dataset TEXT NOT NULL,
    start TEXT NOT NULL,
    partition TEXT NOT NULL,
    state TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (dataset, start, partition)
) STRICT, WITHOUT ROWID;

CREATE TABLE sample (
    dataset TEXT NOT NULL,
    metric TEXT NOT NULL,
    start TEXT NOT NULL,
    partition TEXT NOT NULL,
    value REAL NOT NULL,
    at INTEGER NOT NULL, -- nanoseconds since 1970
    PRIMARY KEY (dataset, metric, start, partition)
) STRICT, WITHOUT ROWID;

CREATE TABLE status (
    dataset TEXT NOT NULL,
    metric TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (dataset, metric)
) STRICT, WITHOUT ROWID;

CREATE TABLE transition (
    id INTEGER PRIMARY KEY,
    dataset TEXT NOT NULL,
    at INTEGER NOT NULL, -- nanoseconds since 1970
    document TEXT NOT NULL
) STRICT;
CREATE INDEX transition_by_time ON transition (dataset, at);

CREATE TABLE run (
    dataset TEXT PRIMARY KEY,
    at INTEGER NOT NULL -- nanoseconds since 1970
) STRICT, WITHOUT ROWID;
