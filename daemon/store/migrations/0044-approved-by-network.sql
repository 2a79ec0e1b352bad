-- An approved host is one of a domain in a network: the same address in another network is another machine. What was approved for a
-- domain stays so in every network it was mapped in.
CREATE TABLE approved_in_network (
	id INTEGER PRIMARY KEY,
	domain TEXT NOT NULL,
	network INTEGER NOT NULL,
	address TEXT NOT NULL,
	at INTEGER NOT NULL,
	by TEXT NOT NULL,
	UNIQUE (domain, network, address)
) STRICT;
INSERT INTO approved_in_network (domain, network, address, at, by)
	SELECT ap.domain, n.network, ap.address, ap.at, ap.by FROM approved_host ap
	JOIN (SELECT domain, network FROM map UNION SELECT domain, 1 FROM approved_host) n ON n.domain = ap.domain
	ORDER BY ap.id;
DROP TABLE approved_host;
ALTER TABLE approved_in_network RENAME TO approved_host;
