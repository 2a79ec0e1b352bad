-- Whether what findings are put in order by has changed, beside findings themselves (finding-orders.ts keeps it in memory): of
-- assets their names and what is at stake on them, of signatures all that a list can be sorted by.
CREATE TABLE order_version (
	of TEXT PRIMARY KEY,
	n INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO order_version (of, n) VALUES ('asset', 1), ('signature', 1);

CREATE TRIGGER order_version_asset_new AFTER INSERT ON asset BEGIN
	UPDATE order_version SET n = n + 1 WHERE of = 'asset';
END;
CREATE TRIGGER order_version_asset_gone AFTER DELETE ON asset BEGIN
	UPDATE order_version SET n = n + 1 WHERE of = 'asset';
END;
CREATE TRIGGER order_version_asset AFTER UPDATE OF id, name, stakes ON asset
WHEN OLD.id IS NOT NEW.id OR OLD.name IS NOT NEW.name OR OLD.stakes IS NOT NEW.stakes BEGIN
	UPDATE order_version SET n = n + 1 WHERE of = 'asset';
END;
CREATE TRIGGER order_version_signature_new AFTER INSERT ON signature BEGIN
	UPDATE order_version SET n = n + 1 WHERE of = 'signature';
END;
CREATE TRIGGER order_version_signature_gone AFTER DELETE ON signature BEGIN
	UPDATE order_version SET n = n + 1 WHERE of = 'signature';
END;
CREATE TRIGGER order_version_signature AFTER UPDATE OF id, name, qid, title, cvss, kev, epss, points ON signature
WHEN OLD.id IS NOT NEW.id OR OLD.name IS NOT NEW.name OR OLD.qid IS NOT NEW.qid OR OLD.title IS NOT NEW.title
	OR OLD.cvss IS NOT NEW.cvss OR OLD.kev IS NOT NEW.kev OR OLD.epss IS NOT NEW.epss OR OLD.points IS NOT NEW.points BEGIN
	UPDATE order_version SET n = n + 1 WHERE of = 'signature';
END;
