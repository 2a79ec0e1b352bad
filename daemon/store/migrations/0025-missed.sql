-- In how many scans in a row an asset was looked for and not found alive, and since when its findings are closed for that.
ALTER TABLE asset ADD COLUMN missed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE asset ADD COLUMN gone_at INTEGER;
-- A finished scan counts once.
ALTER TABLE scan ADD COLUMN misses_counted INTEGER NOT NULL DEFAULT 0;
UPDATE scan SET misses_counted = 1;
CREATE INDEX scan_uncounted ON scan (id) WHERE misses_counted = 0 AND status = 'finished';
