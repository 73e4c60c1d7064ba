-- What is to be handed out for a dataset, and what must be remembered of what was.
CREATE TABLE delivery (
    dataset TEXT PRIMARY KEY,
    document TEXT NOT NULL
) STRICT, WITHOUT ROWID;
