-- What the targets of a scan stood for when it was started (see scan-reach.ts). allow is null when all of them are in
-- scan_target.
CREATE TABLE scan_reach (
	scan INTEGER PRIMARY KEY REFERENCES scan (id) ON DELETE CASCADE,
	allow BLOB,
	deny BLOB NOT NULL
) STRICT;

-- Several names on one address, each surveyed by itself.
CREATE TABLE scan_shared (
	scan INTEGER NOT NULL REFERENCES scan (id) ON DELETE CASCADE,
	address TEXT NOT NULL,
	name TEXT NOT NULL,
	PRIMARY KEY (scan, address, name)
) STRICT, WITHOUT ROWID;

-- Targets that led nowhere.
CREATE TABLE scan_not_scanned (
	scan INTEGER NOT NULL REFERENCES scan (id) ON DELETE CASCADE,
	n INTEGER NOT NULL,
	target TEXT NOT NULL,
	why TEXT NOT NULL,
	PRIMARY KEY (scan, n)
) STRICT, WITHOUT ROWID;

ALTER TABLE scan ADD COLUMN not_scanned INTEGER NOT NULL DEFAULT 0;
-- What asset groups and lists among the targets stood for: target, addresses and names of each.
ALTER TABLE scan ADD COLUMN meanings TEXT NOT NULL DEFAULT '[]';
