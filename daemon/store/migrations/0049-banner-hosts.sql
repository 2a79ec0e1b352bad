-- What the banners of a host point to, and over what feeds said of that when it was last judged by it: new feeds then find the
-- hosts they concern without reading the others' evidence. No foreign key: it goes with the records it was made from.
CREATE TABLE banner_host (
	asset INTEGER PRIMARY KEY,
	subjects TEXT NOT NULL,
	digest BLOB NOT NULL
) STRICT;
-- A release is guessed from whatever a host says. That it was only seen again changes nothing.
CREATE TRIGGER record_banners_added AFTER INSERT ON record BEGIN
	DELETE FROM banner_host WHERE asset = NEW.asset;
END;
CREATE TRIGGER record_banners_gone AFTER DELETE ON record BEGIN
	DELETE FROM banner_host WHERE asset = OLD.asset;
END;
CREATE TRIGGER record_banners_changed AFTER UPDATE OF asset, hash, complete ON record
WHEN (NEW.asset, NEW.hash, NEW.complete) IS NOT (OLD.asset, OLD.hash, OLD.complete) BEGIN
	DELETE FROM banner_host WHERE asset IN (OLD.asset, NEW.asset);
END;
