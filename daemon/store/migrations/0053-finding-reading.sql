-- Findings in an order that reads: of one severity those of one asset together. All keys point the same way, so that a page
-- begins in the index where the one before ended.
DROP INDEX finding_open;
DROP INDEX finding_fixed;
DROP INDEX finding_information;
DROP INDEX finding_excepted;
DROP INDEX finding_open_signature;
CREATE INDEX finding_open ON finding (severity, asset, id) WHERE open = 1;
CREATE INDEX finding_fixed ON finding (severity, asset, id) WHERE open = 0;
CREATE INDEX finding_information ON finding (severity, asset, id) WHERE open = 2;
CREATE INDEX finding_excepted ON finding (severity, asset, id) WHERE open = 3;
CREATE INDEX finding_open_signature ON finding (signature, severity, asset, id) WHERE open = 1;
