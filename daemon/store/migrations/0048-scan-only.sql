-- Kinds of evidence a scan is to gather, as JSON; null: all. Of one that tests a few checks again.
ALTER TABLE scan ADD COLUMN only_kinds TEXT;
