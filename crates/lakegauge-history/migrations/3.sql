-- Where the objects of a dataset are. One history file may serve several configs, and a config may come to name another
-- lake or path: what was seen at one place says nothing of another. `key` is what the other tables call the dataset
-- there: its own name at its first place, so that what older versions wrote belongs to the first place that asks for it.
CREATE TABLE origin (
    dataset TEXT NOT NULL,
    place TEXT NOT NULL,
    nearby TEXT, -- the place as seen from the history's folder, where both are on one machine
    key TEXT NOT NULL UNIQUE,
    PRIMARY KEY (dataset, place)
) STRICT, WITHOUT ROWID;
