-- Asset groups. Addresses are sort keys (see address-key.ts); lists of names are JSON arrays.
CREATE TABLE asset_group (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	title TEXT NOT NULL COLLATE NOCASE UNIQUE,
	built_in INTEGER NOT NULL DEFAULT 0,
	comments TEXT NOT NULL DEFAULT '',
	division TEXT NOT NULL DEFAULT '',
	function TEXT NOT NULL DEFAULT '',
	location TEXT NOT NULL DEFAULT '',
	impact TEXT NOT NULL DEFAULT 'none',
	cvss TEXT NOT NULL DEFAULT '{}',
	dns_names TEXT NOT NULL DEFAULT '[]',
	netbios_names TEXT NOT NULL DEFAULT '[]',
	domains TEXT NOT NULL DEFAULT '[]',
	owner TEXT NOT NULL DEFAULT '',
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE asset_group_range (
	grp INTEGER NOT NULL REFERENCES asset_group (id) ON DELETE CASCADE,
	first TEXT NOT NULL,
	last TEXT NOT NULL,
	PRIMARY KEY (grp, first)
) STRICT, WITHOUT ROWID;

INSERT INTO asset_group (id, title, built_in, comments, owner, created_at, updated_at)
VALUES (1, 'All', 1, 'Every address of the inventory and of every group.', 'daemon',
	CAST(unixepoch('subsec') * 1000 AS INTEGER), CAST(unixepoch('subsec') * 1000 AS INTEGER));

-- A virtual host: a name that a server at an address and port is asked for.
CREATE TABLE virtual_host (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	address TEXT NOT NULL,
	port INTEGER NOT NULL,
	name TEXT NOT NULL,
	added_at INTEGER NOT NULL,
	added_by TEXT NOT NULL,
	UNIQUE (address, port, name)
) STRICT;
