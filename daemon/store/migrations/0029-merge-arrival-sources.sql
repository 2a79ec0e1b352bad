-- Who said the name and the system that came in: who sees less does not write over who sees more.
ALTER TABLE merge_arrival ADD COLUMN name_source TEXT NOT NULL DEFAULT 'network';
ALTER TABLE merge_arrival ADD COLUMN os_source TEXT NOT NULL DEFAULT 'network';
