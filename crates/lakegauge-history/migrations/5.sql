-- What is wrong with a dataset: its raised alarms by partition and metric, and the state of each rule. Before, there was
-- one status per metric: the next partition to land cleared the alarm of the one before.
CREATE TABLE standing (
    dataset TEXT PRIMARY KEY,
    document TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO standing
SELECT dataset, json_object(
    'raised', json_group_array(
        CASE WHEN metric IN ('Stale', 'Freshness', 'CheckSuccess', 'CheckDuration', 'ListRequests')
            THEN json_remove(document, '$.state', '$.partition') -- of the dataset
            ELSE json_remove(document, '$.state')
        END
    ) FILTER (WHERE json_extract(document, '$.state') = 'ALARM'),
    'states', json_group_object(metric, json_extract(document, '$.state'))
) FROM status GROUP BY dataset;
DROP TABLE status;

-- What became of the alarms. The older rows named no partition's alarm, and nothing read them.
CREATE TABLE change (
    id INTEGER PRIMARY KEY,
    dataset TEXT NOT NULL,
    at INTEGER NOT NULL, -- nanoseconds since 1970
    document TEXT NOT NULL
) STRICT;
CREATE INDEX change_by_time ON change (dataset, at);
DROP TABLE transition;
