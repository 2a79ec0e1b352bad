-- Where what happened to a finding was learned from: network, login, agent, import. Null in what was written before, and where
-- nothing was seen (a judgement of what was known already).
ALTER TABLE finding_event ADD COLUMN source TEXT;
