-- Which assets' findings have changed, in the order of the changes: whoever keeps something made of findings (finding-columns.ts)
-- reads again only these. touched: seen again, nothing else (finding-writes.ts writes that). An asset whose findings change one
-- after the other is written once, so the last row may stand for changes that are still to come. Only the latest are kept.
CREATE TABLE finding_log (
	n INTEGER PRIMARY KEY,
	asset INTEGER NOT NULL,
	touched INTEGER NOT NULL
) STRICT;
CREATE TRIGGER finding_log_short AFTER INSERT ON finding_log WHEN NEW.n % 1024 = 0 BEGIN
	DELETE FROM finding_log WHERE n <= NEW.n - 65536;
END;
CREATE TRIGGER finding_log_insert AFTER INSERT ON finding
WHEN (SELECT iif(touched, NULL, asset) FROM finding_log ORDER BY n DESC LIMIT 1) IS NOT NEW.asset BEGIN
	INSERT INTO finding_log (asset, touched) VALUES (NEW.asset, 0);
END;
CREATE TRIGGER finding_log_delete AFTER DELETE ON finding
WHEN (SELECT iif(touched, NULL, asset) FROM finding_log ORDER BY n DESC LIMIT 1) IS NOT OLD.asset BEGIN
	INSERT INTO finding_log (asset, touched) VALUES (OLD.asset, 0);
END;
-- All but last_found, times_found, scan and change.
CREATE TRIGGER finding_log_update AFTER UPDATE OF asset, signature, address, port, protocol, instance, id, severity, type, status,
	open, first_found, last_fixed, last_reopened, source, seen_as, result, excepted, fix ON finding
WHEN (SELECT iif(touched, NULL, asset) FROM finding_log ORDER BY n DESC LIMIT 1) IS NOT NEW.asset BEGIN
	INSERT INTO finding_log (asset, touched) VALUES (NEW.asset, 0);
END;
CREATE TRIGGER finding_log_moved AFTER UPDATE OF asset ON finding WHEN OLD.asset <> NEW.asset BEGIN
	INSERT INTO finding_log (asset, touched) VALUES (OLD.asset, 0), (NEW.asset, 0);
END;
