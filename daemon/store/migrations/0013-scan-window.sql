-- When a scan may run (JSON, null: at any time), whether it was told to ignore that, and when it goes on by itself.
ALTER TABLE scan ADD COLUMN run_window TEXT;
ALTER TABLE scan ADD COLUMN ignore_window INTEGER NOT NULL DEFAULT 0;
ALTER TABLE scan ADD COLUMN continues_at INTEGER;
DROP INDEX scan_unfinished;
CREATE INDEX scan_unfinished ON scan (id)
	WHERE status IN ('queued', 'waiting', 'running', 'pausing', 'paused', 'cancelling');
