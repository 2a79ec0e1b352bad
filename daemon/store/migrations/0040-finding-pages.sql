-- Lists of findings in their order whatever became of them (finding-page.ts); those that are open or set apart have theirs.
CREATE INDEX finding_fixed ON finding (severity, id) WHERE open = 0;
CREATE INDEX finding_information ON finding (severity, id) WHERE open = 2;
-- Assets that a run covered at an address.
CREATE INDEX coverage_address ON coverage (address);
-- Those of one signature in the order of the list.
DROP INDEX finding_open_signature;
CREATE INDEX finding_open_signature ON finding (signature, severity, id) WHERE open = 1;
