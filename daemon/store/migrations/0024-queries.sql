-- Queries kept by name, what the dashboard shows of them, and how many they found at the end of each day (UTC).
CREATE TABLE saved_query (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	name TEXT NOT NULL COLLATE NOCASE UNIQUE,
	list TEXT NOT NULL,
	filter TEXT NOT NULL,
	comment TEXT NOT NULL DEFAULT '',
	built_in INTEGER NOT NULL DEFAULT 0,
	saved_by TEXT NOT NULL,
	updated_at INTEGER NOT NULL
) STRICT;
CREATE TABLE widget (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	query INTEGER NOT NULL REFERENCES saved_query (id) ON DELETE CASCADE,
	kind TEXT NOT NULL,
	position INTEGER NOT NULL
) STRICT;
CREATE TABLE query_count (
	query INTEGER NOT NULL REFERENCES saved_query (id) ON DELETE CASCADE,
	day TEXT NOT NULL,
	n INTEGER NOT NULL,
	PRIMARY KEY (query, day)
) STRICT, WITHOUT ROWID;

INSERT INTO saved_query (name, list, filter, comment, built_in, saved_by, updated_at) VALUES
	('Authentication failed', 'assets', 'vulnerabilities:(qid:[105015, 105053] and not status:FIXED)',
		'A login was tried and none succeeded.', 1, 'daemon', CAST(unixepoch('subsec') * 1000 AS INTEGER)),
	('Not found in 90 days', 'assets', 'not lastVmScanDate:[now-90d .. now] and activatedForModules:VM',
		'No scan has found it in that time, or ever.', 1, 'daemon', CAST(unixepoch('subsec') * 1000 AS INTEGER)),
	('OS not identified', 'assets', 'operatingSystem is null',
		'Nothing told which operating system it runs.', 1, 'daemon', CAST(unixepoch('subsec') * 1000 AS INTEGER));
INSERT INTO widget (query, kind, position) SELECT id, 'count', id - 1 FROM saved_query WHERE built_in = 1;

-- Many assets share few operating systems: texts are looked for among these (daemon/query/condition-sql.ts).
CREATE INDEX asset_os ON asset (os);
