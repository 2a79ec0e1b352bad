-- Identity: networks, where an identifier came from, what no longer identifies anybody, and why a sighting is this asset.

-- The same address in two networks is two machines.
CREATE TABLE network (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	name TEXT NOT NULL COLLATE NOCASE UNIQUE,
	comment TEXT NOT NULL DEFAULT '',
	created_at INTEGER NOT NULL,
	created_by TEXT NOT NULL
) STRICT;
INSERT INTO network (id, name, comment, created_at, created_by)
VALUES (1, 'default', 'Everything for which no other network is named.', CAST(unixepoch('subsec') * 1000 AS INTEGER), 'daemon');

ALTER TABLE scan ADD COLUMN network INTEGER NOT NULL DEFAULT 1;

-- answered: 1 seen at the address itself (primary), 0 only claimed by the machine or its services (secondary).
ALTER TABLE identifier ADD COLUMN source TEXT NOT NULL DEFAULT 'network';
ALTER TABLE identifier ADD COLUMN answered INTEGER NOT NULL DEFAULT 1;
-- Network 0: means the same everywhere.
UPDATE identifier SET network = 0 WHERE kind IN ('machine-id', 'dmi-uuid', 'host-id', 'cloud-instance');
UPDATE identifier SET source = 'login' WHERE kind IN ('machine-id', 'dmi-uuid', 'host-id', 'cloud-instance', 'mac');

-- Identifiers that were seen on two machines at once. They are kept where they were seen and no longer decide anything.
CREATE TABLE poisoned (
	network INTEGER NOT NULL,
	kind TEXT NOT NULL,
	value TEXT NOT NULL,
	at INTEGER NOT NULL,
	why TEXT NOT NULL,
	PRIMARY KEY (network, kind, value)
) STRICT, WITHOUT ROWID;

-- Why what was seen at an address is this asset: a row when the reason is another than the time before.
CREATE TABLE resolution (
	asset INTEGER NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
	address TEXT NOT NULL,
	at INTEGER NOT NULL,
	network INTEGER NOT NULL,
	scan INTEGER,
	body TEXT NOT NULL,
	PRIMARY KEY (asset, address, at)
) STRICT, WITHOUT ROWID;

-- Who said the name and the system, and when: who sees less does not write over who sees more.
ALTER TABLE asset ADD COLUMN name_source TEXT NOT NULL DEFAULT 'network';
ALTER TABLE asset ADD COLUMN name_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE asset ADD COLUMN os_source TEXT NOT NULL DEFAULT 'network';
ALTER TABLE asset ADD COLUMN os_at INTEGER NOT NULL DEFAULT 0;
-- The name an asset is tracked by; null: by its address, or by what an agent or a cloud gave it.
ALTER TABLE asset ADD COLUMN tracked_name TEXT;
CREATE INDEX asset_tracked_name ON asset (tracked_name) WHERE tracked_name IS NOT NULL;
