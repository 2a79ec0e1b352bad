-- Assets that may be one machine, what was merged, and what is to stay apart.

-- No foreign keys to assets: an asset that is put back brings none of this along, it is found anew. A group is called by the lowest of its assets. confidence: of its weakest necessary link, 0 to 100.
CREATE TABLE duplicate_group (
	id INTEGER PRIMARY KEY,
	confidence INTEGER NOT NULL,
	assets INTEGER NOT NULL,
	reasons TEXT NOT NULL,
	found_at INTEGER NOT NULL,
	-- The last search that found it: a search of everything drops what it did not find.
	checked_at INTEGER NOT NULL
) STRICT;
CREATE INDEX duplicate_group_confidence ON duplicate_group (confidence, id);

CREATE TABLE duplicate_member (
	asset INTEGER PRIMARY KEY,
	grp INTEGER NOT NULL REFERENCES duplicate_group (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX duplicate_member_group ON duplicate_member (grp);
-- One asset alone is no group.
CREATE TRIGGER duplicate_member_is_gone AFTER DELETE ON duplicate_member BEGIN
	UPDATE duplicate_group SET assets = assets - 1 WHERE id = OLD.grp;
	DELETE FROM duplicate_group WHERE id = OLD.grp AND assets < 2;
END;

-- Assets that got an identifier since their duplicates were last looked for.
CREATE TABLE duplicate_pending (
	asset INTEGER PRIMARY KEY
) STRICT;
CREATE TRIGGER identifier_is_new AFTER INSERT ON identifier BEGIN
	INSERT INTO duplicate_pending (asset) VALUES (NEW.asset) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER duplicate_asset_is_gone AFTER DELETE ON asset BEGIN
	DELETE FROM duplicate_pending WHERE asset = OLD.id;
	DELETE FROM duplicate_member WHERE asset = OLD.id;
	DELETE FROM duplicate_group WHERE id = OLD.id;
END;

-- Values on too many assets to tell anything.
CREATE TABLE duplicate_common (
	network INTEGER NOT NULL,
	kind TEXT NOT NULL,
	value TEXT NOT NULL,
	assets INTEGER NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (network, kind, value)
) STRICT, WITHOUT ROWID;

-- Pairs that somebody said are two machines, the lower id first. No foreign keys: said once, it holds for ever.
CREATE TABLE not_same (
	a INTEGER NOT NULL,
	b INTEGER NOT NULL,
	at INTEGER NOT NULL,
	by TEXT NOT NULL,
	why TEXT NOT NULL,
	PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;
CREATE INDEX not_same_b ON not_same (b);

-- What was merged into which asset, when, by whom, why, and on what evidence (JSON). The record outlives the asset.
CREATE TABLE merge (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	survivor INTEGER NOT NULL,
	at INTEGER NOT NULL,
	by TEXT NOT NULL,
	why TEXT NOT NULL,
	automatic INTEGER NOT NULL,
	confidence INTEGER,
	evidence TEXT NOT NULL,
	-- Fields somebody chose, with the value that holds until the merge is undone: JSON.
	chosen TEXT NOT NULL,
	undone_at INTEGER,
	undone_by TEXT,
	undone_why TEXT
) STRICT;
CREATE INDEX merge_survivor ON merge (survivor) WHERE undone_at IS NULL;

-- The assets of a merge as they were; row and addresses (sort keys) are JSON.
CREATE TABLE merge_side (
	merge INTEGER NOT NULL REFERENCES merge (id) ON DELETE CASCADE,
	asset INTEGER NOT NULL,
	name TEXT NOT NULL,
	row TEXT NOT NULL,
	addresses TEXT NOT NULL,
	PRIMARY KEY (merge, asset)
) STRICT, WITHOUT ROWID;
CREATE INDEX merge_side_asset ON merge_side (asset);

-- Rows as they were before the merge, of what both sides may have had: gone when it is undone.
CREATE TABLE merge_row (
	id INTEGER PRIMARY KEY,
	merge INTEGER NOT NULL REFERENCES merge (id) ON DELETE CASCADE,
	asset INTEGER NOT NULL,
	tbl TEXT NOT NULL,
	row TEXT NOT NULL,
	-- Of a record.
	body INTEGER
) STRICT;
CREATE INDEX merge_row_merge ON merge_row (merge);

-- What came in for a merged asset since, by address: that is how it goes to the right side when the merge is undone.
CREATE TABLE merge_arrival (
	merge INTEGER NOT NULL REFERENCES merge (id) ON DELETE CASCADE,
	address TEXT NOT NULL,
	first_at INTEGER NOT NULL,
	first_scan INTEGER,
	at INTEGER NOT NULL,
	scanned_at INTEGER,
	name TEXT,
	os TEXT,
	PRIMARY KEY (merge, address)
) STRICT, WITHOUT ROWID;
CREATE TABLE merge_arrival_identifier (
	merge INTEGER NOT NULL REFERENCES merge (id) ON DELETE CASCADE,
	address TEXT NOT NULL,
	network INTEGER NOT NULL,
	kind TEXT NOT NULL,
	value TEXT NOT NULL,
	first_at INTEGER NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (merge, address, network, kind, value)
) STRICT, WITHOUT ROWID;
