-- The head signed by the installation's key: base64, as protocol/audit/chain.ts says what of. Null in a log from before.
ALTER TABLE audit_head ADD COLUMN signature TEXT;
