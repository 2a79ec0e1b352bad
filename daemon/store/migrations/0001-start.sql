-- The first schema. Times are milliseconds since the epoch; addresses are sort keys (see address-key.ts);
-- protocol is the IANA number, 6 TCP or 17 UDP.

CREATE TABLE meta (
	key TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Figures kept in the transaction that changes them, so that reading them costs nothing.
CREATE TABLE counter (
	key TEXT PRIMARY KEY,
	n INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Open findings by severity at the end of each day on which they changed (UTC).
CREATE TABLE trend (
	day TEXT PRIMARY KEY,
	n1 INTEGER NOT NULL,
	n2 INTEGER NOT NULL,
	n3 INTEGER NOT NULL,
	n4 INTEGER NOT NULL,
	n5 INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE scan (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	title TEXT NOT NULL,
	targets TEXT NOT NULL,
	exclusions TEXT NOT NULL,
	ports TEXT NOT NULL,
	profile TEXT NOT NULL,
	status TEXT NOT NULL,
	reason TEXT,
	partial INTEGER NOT NULL DEFAULT 0,
	progress REAL NOT NULL DEFAULT 0,
	stages TEXT NOT NULL,
	rate REAL NOT NULL DEFAULT 0,
	eta_ms INTEGER,
	created_at INTEGER NOT NULL,
	started_at INTEGER,
	finished_at INTEGER,
	active_ms INTEGER NOT NULL DEFAULT 0,
	hosts_total INTEGER NOT NULL DEFAULT 0,
	hosts_alive INTEGER NOT NULL DEFAULT 0,
	hosts_dead INTEGER NOT NULL DEFAULT 0,
	hosts_done INTEGER NOT NULL DEFAULT 0,
	open_ports INTEGER NOT NULL DEFAULT 0,
	services INTEGER NOT NULL DEFAULT 0,
	n1 INTEGER NOT NULL DEFAULT 0,
	n2 INTEGER NOT NULL DEFAULT 0,
	n3 INTEGER NOT NULL DEFAULT 0,
	n4 INTEGER NOT NULL DEFAULT 0,
	n5 INTEGER NOT NULL DEFAULT 0,
	new_findings INTEGER NOT NULL DEFAULT 0,
	fixed_findings INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX scan_unfinished ON scan (id) WHERE status IN ('queued', 'running', 'pausing', 'paused', 'cancelling');

CREATE TABLE scan_target (
	scan INTEGER NOT NULL REFERENCES scan (id) ON DELETE CASCADE,
	idx INTEGER NOT NULL,
	address TEXT NOT NULL,
	hostname TEXT,
	state TEXT NOT NULL DEFAULT 'pending',
	how TEXT,
	rtt_ms REAL,
	ports TEXT,
	PRIMARY KEY (scan, idx)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX scan_target_address ON scan_target (scan, address);

CREATE TABLE scan_target_count (
	scan INTEGER NOT NULL REFERENCES scan (id) ON DELETE CASCADE,
	state TEXT NOT NULL,
	n INTEGER NOT NULL,
	PRIMARY KEY (scan, state)
) STRICT, WITHOUT ROWID;

CREATE TABLE scan_result (
	scan INTEGER NOT NULL REFERENCES scan (id) ON DELETE CASCADE,
	n INTEGER NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (scan, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE asset (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	network INTEGER NOT NULL,
	name TEXT NOT NULL,
	address TEXT NOT NULL,
	os TEXT,
	tracking TEXT NOT NULL,
	first_seen INTEGER NOT NULL,
	last_seen INTEGER NOT NULL,
	last_scan INTEGER,
	open_ports INTEGER NOT NULL DEFAULT 0,
	n1 INTEGER NOT NULL DEFAULT 0,
	n2 INTEGER NOT NULL DEFAULT 0,
	n3 INTEGER NOT NULL DEFAULT 0,
	n4 INTEGER NOT NULL DEFAULT 0,
	n5 INTEGER NOT NULL DEFAULT 0,
	-- Worst first as one number: first by urgent findings, then critical, and so on.
	rank INTEGER GENERATED ALWAYS AS (
		min(n5, 999) * 1000000000000 + min(n4, 999) * 1000000000 + min(n3, 999) * 1000000
		+ min(n2, 999) * 1000 + min(n1, 999)
	) VIRTUAL
) STRICT;
CREATE INDEX asset_rank ON asset (rank);
CREATE INDEX asset_name ON asset (name COLLATE NOCASE);

CREATE TABLE asset_address (
	asset INTEGER NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
	address TEXT NOT NULL,
	last_seen INTEGER NOT NULL,
	PRIMARY KEY (asset, address)
) STRICT, WITHOUT ROWID;

-- Everything a machine may be recognised by. The same value on two assets is allowed: it is how duplicates are found.
CREATE TABLE identifier (
	network INTEGER NOT NULL,
	kind TEXT NOT NULL,
	value TEXT NOT NULL,
	asset INTEGER NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
	first_seen INTEGER NOT NULL,
	last_seen INTEGER NOT NULL,
	PRIMARY KEY (network, kind, value, asset)
) STRICT, WITHOUT ROWID;
CREATE INDEX identifier_asset ON identifier (asset);

CREATE TABLE service (
	asset INTEGER NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
	address TEXT NOT NULL,
	port INTEGER NOT NULL,
	protocol INTEGER NOT NULL,
	name TEXT,
	tls INTEGER NOT NULL,
	product TEXT,
	version TEXT,
	info TEXT,
	last_seen INTEGER NOT NULL,
	PRIMARY KEY (asset, address, port, protocol)
) STRICT, WITHOUT ROWID;

-- Current evidence: one row per place, kind and source. Its body lies apart, so that the rows of a host stay together
-- and a body seen again unchanged (same hash) is not written again.
CREATE TABLE record (
	asset INTEGER NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
	address TEXT NOT NULL,
	port INTEGER NOT NULL,
	protocol INTEGER NOT NULL,
	kind TEXT NOT NULL,
	source TEXT NOT NULL,
	complete INTEGER NOT NULL,
	observed_at INTEGER NOT NULL,
	scan INTEGER,
	hash BLOB NOT NULL,
	body INTEGER NOT NULL,
	PRIMARY KEY (asset, address, port, protocol, kind, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE body (
	id INTEGER PRIMARY KEY,
	packed INTEGER NOT NULL,
	data BLOB NOT NULL
) STRICT;

-- What the last run on an address covered.
CREATE TABLE coverage (
	asset INTEGER NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
	address TEXT NOT NULL,
	at INTEGER NOT NULL,
	scan INTEGER,
	body TEXT NOT NULL,
	PRIMARY KEY (asset, address)
) STRICT, WITHOUT ROWID;

-- Signatures as last judged with, so that a finding can be shown when its signature has been withdrawn.
CREATE TABLE signature (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	qid INTEGER NOT NULL,
	title TEXT NOT NULL,
	severity INTEGER NOT NULL,
	kind TEXT NOT NULL,
	cvss REAL,
	cves TEXT NOT NULL,
	body TEXT NOT NULL,
	open_findings INTEGER NOT NULL DEFAULT 0,
	open_assets INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Result texts, interned; uses: how many findings and events refer to it, gone when none does. Not a foreign key: SQLite
-- would read all findings to delete one text.
CREATE TABLE result (
	id INTEGER PRIMARY KEY,
	hash BLOB NOT NULL UNIQUE,
	text TEXT NOT NULL,
	uses INTEGER NOT NULL
) STRICT;

-- type: 1 confirmed, 2 potential, 3 information. status: 1 NEW, 2 ACTIVE, 3 FIXED, 4 REOPENED, null for information.
-- open: 1 open, 0 fixed, 2 information; it is apart from status so that its indexes rest while NEW becomes ACTIVE.
-- change: what the last run made of it (1 new, 2 found, 3 fixed, 4 reopened); scan: which run that was.
-- source and seen_as: the access it was seen with; only the same access may close it.
CREATE TABLE finding (
	asset INTEGER NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
	signature INTEGER NOT NULL REFERENCES signature (id),
	address TEXT NOT NULL,
	port INTEGER NOT NULL,
	protocol INTEGER NOT NULL,
	instance TEXT NOT NULL,
	id INTEGER NOT NULL UNIQUE,
	severity INTEGER NOT NULL,
	type INTEGER NOT NULL,
	status INTEGER,
	open INTEGER NOT NULL,
	first_found INTEGER NOT NULL,
	last_found INTEGER NOT NULL,
	last_fixed INTEGER,
	last_reopened INTEGER,
	times_found INTEGER NOT NULL,
	scan INTEGER,
	change INTEGER NOT NULL,
	source TEXT NOT NULL,
	seen_as TEXT,
	result INTEGER NOT NULL,
	PRIMARY KEY (asset, signature, address, port, protocol, instance)
) STRICT, WITHOUT ROWID;
CREATE INDEX finding_open ON finding (severity, id) WHERE open = 1;
CREATE INDEX finding_open_signature ON finding (signature) WHERE open = 1;

-- What happened to a finding; rows are only ever added.
CREATE TABLE finding_event (
	finding INTEGER NOT NULL,
	n INTEGER NOT NULL,
	at INTEGER NOT NULL,
	kind TEXT NOT NULL,
	scan INTEGER,
	result INTEGER NOT NULL,
	PRIMARY KEY (finding, n)
) STRICT, WITHOUT ROWID;
