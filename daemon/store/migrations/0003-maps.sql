-- Maps: what was found in a netblock or a domain, and which hosts a domain is meant to have. Addresses are sort keys
-- (see address-key.ts); ip is the same as text, as identifiers are kept.

CREATE TABLE map (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	title TEXT NOT NULL,
	domain TEXT NOT NULL,
	netblock TEXT NOT NULL,
	exclusions TEXT NOT NULL,
	profile TEXT NOT NULL,
	tcp_ports TEXT NOT NULL,
	udp_ports TEXT NOT NULL,
	dns INTEGER NOT NULL,
	resolver TEXT,
	status TEXT NOT NULL,
	reason TEXT,
	partial INTEGER NOT NULL DEFAULT 0,
	rate REAL NOT NULL DEFAULT 0,
	created_at INTEGER NOT NULL,
	started_at INTEGER,
	finished_at INTEGER,
	active_ms INTEGER NOT NULL DEFAULT 0,
	addresses INTEGER NOT NULL,
	-- Places of the map's order of addresses that are done: where a pause or a restart goes on.
	settled INTEGER NOT NULL DEFAULT 0,
	-- 1 once the domain's names have been looked up.
	named INTEGER NOT NULL DEFAULT 0,
	hosts INTEGER NOT NULL DEFAULT 0,
	live INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX map_domain_id ON map (domain, id);
CREATE INDEX map_unfinished ON map (id) WHERE status IN ('queued', 'running', 'pausing', 'paused', 'cancelling');

CREATE TABLE map_host (
	id INTEGER PRIMARY KEY,
	map INTEGER NOT NULL REFERENCES map (id) ON DELETE CASCADE,
	address TEXT NOT NULL,
	ip TEXT NOT NULL,
	names TEXT NOT NULL,
	netbios TEXT,
	os TEXT,
	discovery TEXT NOT NULL,
	links TEXT NOT NULL,
	rtt_ms REAL,
	live INTEGER NOT NULL,
	netblock INTEGER NOT NULL,
	UNIQUE (map, address)
) STRICT;

CREATE TABLE map_domain (
	name TEXT PRIMARY KEY,
	netblock TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE approved_host (
	id INTEGER PRIMARY KEY,
	domain TEXT NOT NULL,
	address TEXT NOT NULL,
	at INTEGER NOT NULL,
	by TEXT NOT NULL,
	UNIQUE (domain, address)
) STRICT;
