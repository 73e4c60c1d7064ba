-- What is to be handed out for a dataset, and what must be remembered of what was.
CREATE TABLE delivery (
    dataset TEXT PRIMARY KEY,
    document TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Values over time, as a sink of metrics gets them: a series is a name with its dimensions.
CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    dimensions TEXT NOT NULL, -- JSON: an array of names and values
    unit TEXT NOT NULL,
    UNIQUE (name, dimensions)
) STRICT;
CREATE TABLE datum (
    series INTEGER NOT NULL,
    at INTEGER NOT NULL, -- nanoseconds since 1970
    value REAL NOT NULL,
    PRIMARY KEY (series, at)
) STRICT, WITHOUT ROWID;
