-- Stored credentials. `words` is JSON of what may be shown; `sealed` is AES-256-GCM bound to id and version.
CREATE TABLE credential (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	name TEXT NOT NULL COLLATE NOCASE UNIQUE,
	kind TEXT NOT NULL,
	position INTEGER NOT NULL,
	words TEXT NOT NULL,
	proofs TEXT NOT NULL DEFAULT '[]',
	sealed BLOB NOT NULL DEFAULT x'',
	version INTEGER NOT NULL DEFAULT 0,
	outcome TEXT,
	created_at INTEGER NOT NULL,
	created_by TEXT NOT NULL,
	updated_at INTEGER NOT NULL,
	updated_by TEXT NOT NULL
) STRICT;

-- Host keys somebody has confirmed, beside OpenSSH's known_hosts.
CREATE TABLE host_key (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	host TEXT NOT NULL,
	port INTEGER NOT NULL,
	type TEXT NOT NULL,
	key TEXT NOT NULL,
	fingerprint TEXT NOT NULL,
	added_at INTEGER NOT NULL,
	added_by TEXT NOT NULL,
	UNIQUE (host, port, key)
) STRICT;
