-- excepted: bits, 1 an approved exception, 2 ignored. A finding that is open and excepted has open = 3: it is in no count and in
-- no list of what is open, and goes on living (status) like any other.
ALTER TABLE finding ADD COLUMN excepted INTEGER NOT NULL DEFAULT 0;
CREATE INDEX finding_excepted ON finding (severity, id) WHERE open = 3;
