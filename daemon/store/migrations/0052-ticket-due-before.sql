-- What a due date set by hand replaced, and what that came from (due_from); null: it was never set by hand, or before this was kept.
ALTER TABLE ticket ADD COLUMN due_before INTEGER;
ALTER TABLE ticket ADD COLUMN due_before_from INTEGER;
