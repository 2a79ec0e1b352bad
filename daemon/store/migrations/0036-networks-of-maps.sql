-- The network that the addresses of a map, and of an asset group, are in.
ALTER TABLE map ADD COLUMN network INTEGER NOT NULL DEFAULT 1;
ALTER TABLE asset_group ADD COLUMN network INTEGER NOT NULL DEFAULT 1;
