-- When a map may run (JSON, null: at any time), whether it was told to ignore that, and when it goes on by itself.
ALTER TABLE map ADD COLUMN run_window TEXT;
ALTER TABLE map ADD COLUMN ignore_window INTEGER NOT NULL DEFAULT 0;
ALTER TABLE map ADD COLUMN continues_at INTEGER;
-- What it has asked and what came of it, as JSON; null for maps from before that was kept.
ALTER TABLE map ADD COLUMN coverage TEXT;
DROP INDEX map_unfinished;
CREATE INDEX map_unfinished ON map (id)
	WHERE status IN ('queued', 'waiting', 'running', 'pausing', 'paused', 'cancelling');
