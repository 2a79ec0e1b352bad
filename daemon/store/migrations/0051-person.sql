-- What people are called who were let in, by what their connections are named: what is stored of who did what keeps the number or
-- the token, and lists are searched and shown by the name.
CREATE TABLE person (
	identity TEXT PRIMARY KEY,
	name TEXT NOT NULL
) STRICT, WITHOUT ROWID;
