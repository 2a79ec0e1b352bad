-- Tags. rule_kind and rule are protocol/model/tag.ts's; system says which of the daemon's own it is, null: a user's.
CREATE TABLE tag (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	name TEXT NOT NULL COLLATE NOCASE,
	parent INTEGER REFERENCES tag (id),
	colour TEXT,
	description TEXT NOT NULL DEFAULT '',
	favourite INTEGER NOT NULL DEFAULT 0,
	criticality INTEGER,
	rule_kind TEXT NOT NULL DEFAULT 'static',
	rule TEXT NOT NULL DEFAULT '',
	system TEXT,
	members INTEGER NOT NULL DEFAULT 0,
	problem TEXT,
	evaluated_at INTEGER,
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL
) STRICT;
-- Unique among siblings; null is not equal to null.
CREATE UNIQUE INDEX tag_name ON tag (ifnull(parent, 0), name);

-- why: who put it on by hand; null: the rule.
CREATE TABLE asset_tag (
	tag INTEGER NOT NULL REFERENCES tag (id) ON DELETE CASCADE,
	asset INTEGER NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
	why TEXT,
	since INTEGER NOT NULL,
	PRIMARY KEY (tag, asset)
) STRICT, WITHOUT ROWID;
CREATE INDEX asset_tag_asset ON asset_tag (asset);
CREATE TRIGGER asset_tag_put AFTER INSERT ON asset_tag BEGIN
	UPDATE tag SET members = members + 1 WHERE id = new.tag;
END;
CREATE TRIGGER asset_tag_taken AFTER DELETE ON asset_tag BEGIN
	UPDATE tag SET members = members - 1 WHERE id = old.tag;
END;
