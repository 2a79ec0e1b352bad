-- Tickets, the rules that make them, and what is ignored. Times are milliseconds.
-- state: 1 OPEN, 2 RESOLVED, 3 FIXED, 4 IGNORED (the last two are closed). due_from: 0 none, 1 SLA, 2 rule, 3 by hand.
-- finding is not a foreign key: a merge takes a finding away, and its undo brings it back.
CREATE TABLE ticket (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	asset INTEGER NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
	finding INTEGER NOT NULL UNIQUE,
	state INTEGER NOT NULL,
	assignee TEXT,
	due INTEGER,
	due_from INTEGER NOT NULL,
	days INTEGER,
	reopened INTEGER NOT NULL DEFAULT 0,
	rule TEXT,
	opened_by TEXT NOT NULL,
	opened_at INTEGER NOT NULL,
	changed_at INTEGER NOT NULL,
	ignored_until INTEGER,
	ignored_by INTEGER REFERENCES ignore_request (id)
) STRICT;
CREATE INDEX ticket_asset ON ticket (asset);
CREATE INDEX ticket_due ON ticket (ifnull(due, 9007199254740991), id) WHERE state <= 2;
CREATE INDEX ticket_lapse ON ticket (ignored_until) WHERE ignored_until IS NOT NULL;
CREATE INDEX ticket_ignored_by ON ticket (ignored_by) WHERE ignored_by IS NOT NULL;

-- What happened to a ticket; rows are only ever added. asset: so that they go and come with it.
CREATE TABLE ticket_event (
	ticket INTEGER NOT NULL REFERENCES ticket (id) ON DELETE CASCADE,
	n INTEGER NOT NULL,
	asset INTEGER NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
	at INTEGER NOT NULL,
	who TEXT NOT NULL,
	kind TEXT NOT NULL,
	scan INTEGER,
	text TEXT NOT NULL,
	PRIMARY KEY (ticket, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_event_asset ON ticket_event (asset);

CREATE TABLE policy_rule (
	name TEXT PRIMARY KEY COLLATE NOCASE,
	position INTEGER NOT NULL,
	findings TEXT NOT NULL,
	assets TEXT NOT NULL,
	action TEXT NOT NULL,
	assignee TEXT,
	days INTEGER,
	enabled INTEGER NOT NULL,
	changed_by TEXT NOT NULL,
	changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE ignore_request (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	at INTEGER NOT NULL,
	who TEXT NOT NULL,
	reason TEXT NOT NULL,
	qids TEXT NOT NULL,
	query TEXT NOT NULL,
	until INTEGER,
	findings INTEGER NOT NULL,
	restored_at INTEGER,
	restored_by TEXT
) STRICT;

-- A check that is ignored on a host: its findings there, and those that come.
CREATE TABLE ignored (
	asset INTEGER NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
	signature INTEGER NOT NULL REFERENCES signature (id),
	request INTEGER NOT NULL REFERENCES ignore_request (id),
	PRIMARY KEY (asset, signature)
) STRICT, WITHOUT ROWID;
CREATE INDEX ignored_request ON ignored (request);
CREATE INDEX ignored_signature ON ignored (signature);
