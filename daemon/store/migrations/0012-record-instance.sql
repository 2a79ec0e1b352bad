-- Evidence of a virtual host lies beside that of its port: the name is part of the place. Empty: the port itself.
CREATE TABLE record_by_instance (
	asset INTEGER NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
	address TEXT NOT NULL,
	port INTEGER NOT NULL,
	protocol INTEGER NOT NULL,
	kind TEXT NOT NULL,
	source TEXT NOT NULL,
	instance TEXT NOT NULL DEFAULT '',
	complete INTEGER NOT NULL,
	observed_at INTEGER NOT NULL,
	scan INTEGER,
	hash BLOB NOT NULL,
	body INTEGER NOT NULL,
	PRIMARY KEY (asset, address, port, protocol, kind, source, instance)
) STRICT, WITHOUT ROWID;
INSERT INTO record_by_instance (asset, address, port, protocol, kind, source, complete, observed_at, scan, hash, body)
	SELECT asset, address, port, protocol, kind, source, complete, observed_at, scan, hash, body FROM record;
DROP TABLE record;
ALTER TABLE record_by_instance RENAME TO record;
