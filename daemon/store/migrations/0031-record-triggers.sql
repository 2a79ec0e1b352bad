-- Nearly every update of evidence only says that it was seen again: it must not cost a trigger. What a later look of another
-- source means is seen to where evidence is written.
DROP TRIGGER record_subjects_moved;
CREATE TRIGGER record_subjects_moved AFTER UPDATE OF asset, address, hash ON record
WHEN OLD.kind IN ('packages', 'system') AND (NEW.asset, NEW.address, NEW.hash) IS NOT (OLD.asset, OLD.address, OLD.hash)
BEGIN
	DELETE FROM subject_host WHERE asset IN (OLD.asset, NEW.asset) AND address IN (OLD.address, NEW.address);
END;
