-- What changed evidence means for what was made of it is seen to where it is written (record-writes.ts): a trigger that looks at
-- each changed row cost an eighth of taking a host in.
DROP TRIGGER record_subjects_moved;
CREATE TRIGGER record_subjects_moved AFTER UPDATE OF asset, address ON record
WHEN OLD.kind IN ('packages', 'system') AND (NEW.asset, NEW.address) IS NOT (OLD.asset, OLD.address)
BEGIN
	DELETE FROM subject_host WHERE asset IN (OLD.asset, NEW.asset) AND address IN (OLD.address, NEW.address);
END;
