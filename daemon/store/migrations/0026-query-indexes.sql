-- Assets at an address, and findings of a signature whatever became of them: what filters ask for from that side.
CREATE INDEX asset_address_address ON asset_address (address);
CREATE INDEX finding_signature ON finding (signature);
