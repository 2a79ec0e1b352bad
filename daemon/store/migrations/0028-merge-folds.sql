-- What was seen at an address that a merged asset has left, moved to another of its addresses: as it was at both, and what
-- became of it, so that undoing the merge can tell the two apart again.
CREATE TABLE merge_fold (
	id INTEGER PRIMARY KEY,
	merge INTEGER NOT NULL REFERENCES merge (id) ON DELETE CASCADE,
	source TEXT NOT NULL,
	target TEXT NOT NULL
) STRICT;
CREATE INDEX merge_fold_merge ON merge_fold (merge);
CREATE TABLE merge_fold_row (
	id INTEGER PRIMARY KEY,
	fold INTEGER NOT NULL REFERENCES merge_fold (id) ON DELETE CASCADE,
	part TEXT NOT NULL,
	tbl TEXT NOT NULL,
	row TEXT NOT NULL,
	body INTEGER
) STRICT;
CREATE INDEX merge_fold_row_fold ON merge_fold_row (fold);
