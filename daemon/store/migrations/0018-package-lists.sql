-- Packages get small numbers, so that a list of them takes a byte or two each; `hash` is what they were numbered by before.
CREATE TABLE package_numbered (
	id INTEGER PRIMARY KEY,
	hash INTEGER NOT NULL UNIQUE,
	body TEXT NOT NULL
) STRICT;
INSERT INTO package_numbered (hash, body) SELECT id, body FROM package;
DROP TABLE package;
ALTER TABLE package_numbered RENAME TO package;

-- Hosts made alike list the same packages: each list is kept once, and goes with the last body that is one.
CREATE TABLE package_list (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	hash BLOB NOT NULL UNIQUE,
	data BLOB NOT NULL
) STRICT;
ALTER TABLE body ADD COLUMN list INTEGER;
CREATE INDEX body_list ON body (list) WHERE list IS NOT NULL;
CREATE TRIGGER body_list_gone AFTER DELETE ON body WHEN OLD.list IS NOT NULL BEGIN
	DELETE FROM package_list WHERE id = OLD.list AND NOT EXISTS (SELECT 1 FROM body WHERE list = OLD.list);
END;
CREATE TRIGGER body_list_changed AFTER UPDATE OF list ON body WHEN OLD.list IS NOT NULL AND NEW.list IS NOT OLD.list BEGIN
	DELETE FROM package_list WHERE id = OLD.list AND NOT EXISTS (SELECT 1 FROM body WHERE list = OLD.list);
END;
