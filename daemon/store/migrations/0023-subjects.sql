-- What advisories are asked about: a source package of one version on one kind of system, and what was installed of it.
-- digest: over all that feeds said of it when hosts were last judged by it, null when they could say nothing; said: the same
-- for each advisory (see subject-sayings.ts).
CREATE TABLE judged_system (
	id INTEGER PRIMARY KEY,
	body TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE subject (
	id INTEGER PRIMARY KEY,
	hash BLOB NOT NULL UNIQUE,
	system INTEGER NOT NULL,
	name TEXT NOT NULL,
	version TEXT NOT NULL,
	binaries TEXT NOT NULL,
	digest BLOB,
	said BLOB NOT NULL
) STRICT;
-- In this order each package's ranges are read once for all its versions.
CREATE INDEX subject_name ON subject (system, name);
CREATE TABLE subject_set (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	hash BLOB NOT NULL UNIQUE,
	system INTEGER NOT NULL,
	data BLOB NOT NULL
) STRICT;
-- No foreign key: it goes and comes with the records it was made from, see the triggers.
CREATE TABLE subject_host (
	asset INTEGER NOT NULL,
	address TEXT NOT NULL,
	subjects INTEGER NOT NULL,
	PRIMARY KEY (asset, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX subject_host_subjects ON subject_host (subjects);
CREATE TRIGGER subject_host_gone AFTER DELETE ON subject_host BEGIN
	DELETE FROM subject_set WHERE id = OLD.subjects AND NOT EXISTS (SELECT 1 FROM subject_host WHERE subjects = OLD.subjects);
END;

-- A host whose set is out of date has none: whoever changes the evidence it was made from (a scan, an import, a merge) need
-- not know of it.
CREATE INDEX record_packages ON record (asset, address) WHERE kind = 'packages';
CREATE TRIGGER record_subjects_added AFTER INSERT ON record WHEN NEW.kind IN ('packages', 'system') BEGIN
	DELETE FROM subject_host WHERE asset = NEW.asset AND address = NEW.address;
END;
CREATE TRIGGER record_subjects_gone AFTER DELETE ON record WHEN OLD.kind IN ('packages', 'system') BEGIN
	DELETE FROM subject_host WHERE asset = OLD.asset AND address = OLD.address;
END;
CREATE TRIGGER record_subjects_moved AFTER UPDATE ON record
WHEN OLD.kind IN ('packages', 'system') AND (NEW.asset, NEW.address, NEW.hash) IS NOT (OLD.asset, OLD.address, OLD.hash)
	OR NEW.kind IN ('packages', 'system') AND NEW.observed_at <> OLD.observed_at
		AND EXISTS (SELECT 1 FROM record WHERE asset = NEW.asset AND address = NEW.address AND port = NEW.port
			AND protocol = NEW.protocol AND kind = NEW.kind AND source <> NEW.source)
BEGIN
	DELETE FROM subject_host WHERE asset IN (OLD.asset, NEW.asset) AND address IN (OLD.address, NEW.address);
END;
