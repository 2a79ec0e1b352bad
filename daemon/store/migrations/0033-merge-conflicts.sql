-- What came in for a merged asset and speaks against the merge, which holds until somebody undoes it: told with the merge.
CREATE TABLE merge_conflict (
	merge INTEGER NOT NULL REFERENCES merge (id) ON DELETE CASCADE,
	-- Sort key.
	address TEXT NOT NULL,
	kind TEXT NOT NULL,
	at INTEGER NOT NULL,
	scan INTEGER,
	-- Values, JSON lists: what the asset had, and what was seen.
	known TEXT NOT NULL,
	seen TEXT NOT NULL,
	-- Somebody looked at it and keeps the merge.
	kept_at INTEGER,
	kept_by TEXT,
	kept_why TEXT,
	PRIMARY KEY (merge, address, kind)
) STRICT, WITHOUT ROWID;
