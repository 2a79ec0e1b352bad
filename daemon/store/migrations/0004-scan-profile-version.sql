-- The version of the option profile a scan was started with; null for scans from before profiles had versions.
ALTER TABLE scan ADD COLUMN profile_version INTEGER;
