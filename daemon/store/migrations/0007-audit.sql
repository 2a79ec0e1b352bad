-- Who did what, in order. Each entry's hash covers the hash before it, so that a change anywhere breaks the chain; the
-- triggers only keep mistakes out, not somebody who may write the file.
CREATE TABLE audit (
	-- From 1, without a gap.
	n INTEGER PRIMARY KEY,
	at INTEGER NOT NULL,
	who TEXT NOT NULL,
	action TEXT NOT NULL,
	object TEXT NOT NULL,
	-- JSON, null when there is nothing to say.
	before TEXT,
	after TEXT,
	reason TEXT,
	hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN
	SELECT RAISE(ABORT, 'the audit log only grows');
END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit BEGIN
	SELECT RAISE(ABORT, 'the audit log only grows');
END;
-- The newest entry, so that cutting off the end is seen: one row.
CREATE TABLE audit_head (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	n INTEGER NOT NULL,
	hash TEXT NOT NULL
) STRICT;
