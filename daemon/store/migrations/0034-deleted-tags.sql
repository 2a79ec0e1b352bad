-- Tags that were deleted, as they were, so that they can be put back. Gone for good 30 days after.
CREATE TABLE deleted_tag (
	id INTEGER PRIMARY KEY,
	path TEXT NOT NULL,
	at INTEGER NOT NULL,
	by TEXT NOT NULL,
	-- The row of the tag, and those who carried it (asset, why, since): JSON.
	row TEXT NOT NULL,
	carriers TEXT NOT NULL
) STRICT;
