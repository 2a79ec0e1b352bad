-- Addresses that answer and are no hosts, as a scan or a map has seen them: a row for each network, kind and pattern.
-- asked: addresses of the network asked whether somebody is there. open_ports of asked_ports: where that is the evidence.
CREATE TABLE ghost (
	id INTEGER PRIMARY KEY,
	scan INTEGER REFERENCES scan (id) ON DELETE CASCADE,
	map INTEGER REFERENCES map (id) ON DELETE CASCADE,
	network TEXT NOT NULL,
	kind TEXT NOT NULL,
	pattern TEXT NOT NULL,
	ranges TEXT NOT NULL,
	addresses INTEGER NOT NULL,
	asked INTEGER NOT NULL,
	canaries INTEGER NOT NULL,
	accepted INTEGER NOT NULL,
	refused INTEGER NOT NULL,
	listened_to INTEGER NOT NULL,
	spoken TEXT NOT NULL,
	open_ports INTEGER,
	asked_ports INTEGER,
	rtt_least REAL,
	rtt_most REAL,
	first_at INTEGER NOT NULL,
	last_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX ghost_place ON ghost (ifnull(scan, 0), ifnull(map, 0), network, kind, pattern);
CREATE INDEX ghost_map ON ghost (map) WHERE map IS NOT NULL;

-- Of the addresses that answered, those that are ghosts; kept out of hosts_alive and hosts_done.
ALTER TABLE scan ADD COLUMN hosts_ghosts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE map ADD COLUMN ghosts INTEGER NOT NULL DEFAULT 0;
