-- The routers on the way to a host, as JSON: {"hops": [address or null, …], "reached": bool}; NULL: not traced.
ALTER TABLE map_host ADD COLUMN route TEXT;
-- Of which live hosts a map traces the route: none, sample, all.
ALTER TABLE map ADD COLUMN trace TEXT NOT NULL DEFAULT 'none';
