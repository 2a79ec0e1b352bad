-- Packages as hosts list them, each once: a host's list is then the row of their numbers. The number is from the content, so
-- that it means the same for ever.
CREATE TABLE package (
	id INTEGER PRIMARY KEY,
	body TEXT NOT NULL
) STRICT;
