-- The user of the machine that a request came from, whatever name they gave; null for those made before it was kept.
ALTER TABLE exception ADD COLUMN requester_uid INTEGER;
