/** The knowledge base: one SQLite file of what feeds say. Written by an import beside the file in force, then only read. */

/** Raised when the tables change: an older file is then imported anew. */
export const baseVersion = 3;

/** "VdKB" in the header of the file. */
export const baseApplicationId = 0x56644b42;

/** Also made in a base that was begun before there were any. */
export const baseAdditions = `
	CREATE INDEX IF NOT EXISTS advisory_cve_advisory ON advisory_cve (advisory);
	CREATE TABLE IF NOT EXISTS vendor (
		feed INTEGER NOT NULL, prefix TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (prefix, feed)
	) STRICT, WITHOUT ROWID;
`;

/**
 * Versions stand as keys (version-order.ts), so that SQL puts them in order, and as their texts. An absent `introduced` is
 * the empty key, before all others; an absent `fixed` or `last` is NULL.
 */
export const baseTables = `
	CREATE TABLE feed (
		id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, format TEXT NOT NULL, file TEXT NOT NULL,
		imported_at INTEGER NOT NULL, published_at INTEGER, digest TEXT NOT NULL,
		records INTEGER NOT NULL, ranges INTEGER NOT NULL, left_out INTEGER NOT NULL, licence TEXT
	) STRICT;
	CREATE TABLE ecosystem (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
	CREATE TABLE package (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
	CREATE TABLE cve (
		id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, title TEXT,
		kev_added_at INTEGER, kev_due_at INTEGER, kev_ransomware INTEGER,
		epss REAL, epss_percentile REAL
	) STRICT;
	CREATE TABLE advisory (
		id INTEGER PRIMARY KEY, feed INTEGER NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL, severity TEXT, cvss TEXT,
		published_at INTEGER, modified_at INTEGER, withdrawn_at INTEGER, digest BLOB NOT NULL
	) STRICT;
	CREATE INDEX advisory_name ON advisory (name);
	CREATE TABLE advisory_cve (cve INTEGER NOT NULL, advisory INTEGER NOT NULL, PRIMARY KEY (cve, advisory)) STRICT, WITHOUT ROWID;
	CREATE TABLE cve_detail (
		cve INTEGER NOT NULL, feed INTEGER NOT NULL, title TEXT, description TEXT, cvss TEXT, cwes TEXT, refs TEXT,
		published_at INTEGER, modified_at INTEGER, status TEXT,
		PRIMARY KEY (cve, feed)
	) STRICT, WITHOUT ROWID;
	CREATE TABLE product (
		feed INTEGER NOT NULL, slug TEXT NOT NULL, data TEXT NOT NULL, PRIMARY KEY (feed, slug)
	) STRICT, WITHOUT ROWID;
	CREATE TABLE fingerprint (
		feed INTEGER NOT NULL, subject TEXT NOT NULL, place INTEGER NOT NULL, data TEXT NOT NULL,
		PRIMARY KEY (feed, subject, place)
	) STRICT, WITHOUT ROWID;
	CREATE TABLE affected (
		ecosystem INTEGER NOT NULL, package INTEGER NOT NULL, advisory INTEGER NOT NULL, place INTEGER NOT NULL,
		introduced BLOB NOT NULL, fixed BLOB, last BLOB,
		introduced_text TEXT, fixed_text TEXT, last_text TEXT,
		state INTEGER NOT NULL, note TEXT,
		PRIMARY KEY (ecosystem, package, advisory, place)
	) STRICT, WITHOUT ROWID;
`;
