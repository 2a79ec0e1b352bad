-- Priorities: what each factor weighs, and what has been worked out of it once, in tenths of a point of a hundred: what is
-- known of a signature, and what is at stake on an asset. A finding's priority is made of both when it is read.
CREATE TABLE priority_weight (
	factor TEXT PRIMARY KEY,
	weight INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO priority_weight (factor, weight) VALUES
	('severity', 20), ('cvss', 15), ('epss', 20), ('kev', 20), ('exposure', 10), ('criticality', 10), ('impact', 5);

ALTER TABLE signature ADD COLUMN points INTEGER NOT NULL DEFAULT 0;
ALTER TABLE asset ADD COLUMN stakes INTEGER NOT NULL DEFAULT 0;

CREATE VIEW signature_points AS
SELECT s.id, (
	SELECT CAST(round(1000.0 * sum(w.weight * CASE w.factor
		WHEN 'severity' THEN s.severity / 5.0
		WHEN 'cvss' THEN ifnull(s.cvss, s.severity * 2) / 10.0
		WHEN 'epss' THEN ifnull(s.epss, 0)
		WHEN 'kev' THEN s.kev
		ELSE 0 END) / max(1, sum(w.weight))) AS INTEGER)
	FROM priority_weight w
) AS points
FROM signature s;

CREATE TRIGGER signature_points_new AFTER INSERT ON signature BEGIN
	UPDATE signature SET points = (SELECT points FROM signature_points WHERE id = new.id) WHERE id = new.id;
END;
CREATE TRIGGER signature_points_changed AFTER UPDATE OF severity, cvss, kev, epss ON signature
WHEN old.severity IS NOT new.severity OR old.cvss IS NOT new.cvss OR old.kev IS NOT new.kev OR old.epss IS NOT new.epss BEGIN
	UPDATE signature SET points = (SELECT points FROM signature_points WHERE id = new.id) WHERE id = new.id;
END;
UPDATE signature SET points = (SELECT p.points FROM signature_points p WHERE p.id = signature.id);
