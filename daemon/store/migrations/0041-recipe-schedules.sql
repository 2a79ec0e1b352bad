-- Recipes that begin by themselves: when is five fields of cron by the clock of a time zone; request is JSON.
CREATE TABLE recipe_schedule (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	name TEXT NOT NULL COLLATE NOCASE UNIQUE,
	request TEXT NOT NULL,
	confirmed INTEGER NOT NULL,
	times TEXT NOT NULL,
	zone TEXT NOT NULL,
	who TEXT NOT NULL,
	access TEXT NOT NULL,
	next_at INTEGER NOT NULL,
	last_at INTEGER,
	-- The recipe that was begun last, and why none was when it was time.
	recipe INTEGER,
	problem TEXT,
	created_at INTEGER NOT NULL
) STRICT;
