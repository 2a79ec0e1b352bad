-- Assets taken out of the inventory. What was known of one lies packed beside it until it can no longer be put back.
CREATE TABLE purge (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	at INTEGER NOT NULL,
	who TEXT NOT NULL,
	query TEXT NOT NULL,
	rule TEXT,
	reason TEXT NOT NULL,
	until INTEGER NOT NULL,
	assets INTEGER NOT NULL DEFAULT 0,
	findings INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE purged_asset (
	purge INTEGER NOT NULL REFERENCES purge (id) ON DELETE CASCADE,
	asset INTEGER NOT NULL,
	network INTEGER NOT NULL,
	name TEXT NOT NULL,
	address TEXT NOT NULL,
	findings INTEGER NOT NULL,
	restored_at INTEGER,
	restored_by TEXT,
	body BLOB,
	PRIMARY KEY (purge, asset)
) STRICT, WITHOUT ROWID;
CREATE INDEX purged_asset_asset ON purged_asset (asset) WHERE body IS NOT NULL;

-- Purges that happen by themselves, once a day.
CREATE TABLE purge_rule (
	name TEXT PRIMARY KEY COLLATE NOCASE,
	query TEXT NOT NULL,
	reason TEXT NOT NULL,
	most INTEGER NOT NULL,
	enabled INTEGER NOT NULL,
	made_at INTEGER NOT NULL,
	made_by TEXT NOT NULL,
	next_at INTEGER NOT NULL,
	last_at INTEGER,
	last_outcome TEXT
) STRICT, WITHOUT ROWID;
