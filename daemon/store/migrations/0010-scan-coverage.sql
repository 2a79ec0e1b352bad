-- What a scan asked and what came of it; excluded_by is what was left out of its targets when it was made, both are JSON.
CREATE TABLE scan_coverage (
	scan INTEGER PRIMARY KEY REFERENCES scan (id) ON DELETE CASCADE,
	excluded_by TEXT NOT NULL,
	body TEXT
) STRICT;

-- Addresses that were targets and are excluded by now were counted as silent before.
ALTER TABLE scan ADD COLUMN hosts_excluded INTEGER NOT NULL DEFAULT 0;
UPDATE scan SET hosts_excluded = (
	SELECT count(*) FROM scan_target t WHERE t.scan = scan.id AND t.state = 'dead' AND t.how = 'excluded');
UPDATE scan SET hosts_dead = max(0, hosts_dead - hosts_excluded) WHERE hosts_excluded > 0;
INSERT INTO scan_target_count (scan, state, n) SELECT id, 'excluded', hosts_excluded FROM scan WHERE hosts_excluded > 0;
UPDATE scan_target_count SET n = n - (SELECT hosts_excluded FROM scan WHERE id = scan_target_count.scan)
	WHERE state = 'dead';
UPDATE scan_target SET state = 'excluded', how = 'excluded by others' WHERE state = 'dead' AND how = 'excluded';
