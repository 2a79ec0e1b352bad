-- How many places of a large scan's order of addresses have been turned into targets; 0 for a scan whose targets were
-- all written down at its start.
ALTER TABLE scan ADD COLUMN fed INTEGER NOT NULL DEFAULT 0;
