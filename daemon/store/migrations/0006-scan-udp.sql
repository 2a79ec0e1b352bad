-- The UDP ports a scan was asked for; null: those of its option profile.
ALTER TABLE scan ADD COLUMN udp TEXT;
