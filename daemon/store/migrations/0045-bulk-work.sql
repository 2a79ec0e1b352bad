-- Work on many findings or tickets, done a few at a time: what is left of it when the daemon stops is done when it runs again.
-- what: JSON, as the kind of work has it. list: the numbers it goes through, 8 bytes each.
CREATE TABLE bulk_work (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	kind TEXT NOT NULL,
	what TEXT NOT NULL,
	list BLOB NOT NULL,
	at INTEGER NOT NULL
) STRICT;
-- How far it is; apart, so that the list is not written anew at every step.
CREATE TABLE bulk_place (
	work INTEGER PRIMARY KEY,
	place INTEGER NOT NULL
) STRICT;
