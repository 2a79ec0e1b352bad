-- Requests that findings be set apart, what they cover, and what was decided on them. scope is JSON as the protocol has it.
CREATE TABLE exception (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	kind TEXT NOT NULL,
	state TEXT NOT NULL,
	scope TEXT NOT NULL,
	subject TEXT NOT NULL,
	live INTEGER NOT NULL,
	findings INTEGER NOT NULL,
	assets INTEGER NOT NULL,
	reason TEXT NOT NULL,
	requester TEXT NOT NULL,
	requested_at INTEGER NOT NULL,
	days INTEGER NOT NULL,
	until INTEGER,
	batch INTEGER,
	previous INTEGER,
	decided_by TEXT,
	decided_at INTEGER,
	decision_note TEXT,
	signature TEXT,
	ended_by TEXT,
	ended_at INTEGER,
	end_note TEXT,
	warned_at INTEGER
) STRICT;
CREATE INDEX exception_state ON exception (state, until);
CREATE INDEX exception_previous ON exception (previous) WHERE previous IS NOT NULL;

-- No foreign key to findings: one that leaves with its asset and is put back is the same finding.
CREATE TABLE exception_finding (
	exception INTEGER NOT NULL,
	finding INTEGER NOT NULL,
	PRIMARY KEY (exception, finding)
) STRICT, WITHOUT ROWID;
CREATE INDEX exception_finding_finding ON exception_finding (finding);

-- The vulnerabilities a request is about: what was decided on the like is found by them.
CREATE TABLE exception_signature (
	exception INTEGER NOT NULL,
	signature INTEGER NOT NULL,
	PRIMARY KEY (exception, signature)
) STRICT, WITHOUT ROWID;
CREATE INDEX exception_signature_signature ON exception_signature (signature, exception);

-- What happened to a request, comments too; rows are only ever added.
CREATE TABLE exception_event (
	exception INTEGER NOT NULL,
	n INTEGER NOT NULL,
	at INTEGER NOT NULL,
	kind TEXT NOT NULL,
	who TEXT NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY (exception, n)
) STRICT, WITHOUT ROWID;

-- hash: null while it is being handed over.
CREATE TABLE exception_evidence (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	exception INTEGER NOT NULL,
	name TEXT NOT NULL,
	bytes INTEGER NOT NULL,
	hash TEXT,
	who TEXT NOT NULL,
	at INTEGER NOT NULL,
	data BLOB NOT NULL
) STRICT;
CREATE INDEX exception_evidence_exception ON exception_evidence (exception);
