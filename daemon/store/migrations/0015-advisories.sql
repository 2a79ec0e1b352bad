-- fix: what the vendor does about it, see codes.ts; null for what is not by an advisory.
ALTER TABLE finding ADD COLUMN fix INTEGER;
-- kev: on CISA's list of what is exploited; epss: the highest score of its CVEs. As the knowledge in force says.
ALTER TABLE signature ADD COLUMN kev INTEGER NOT NULL DEFAULT 0;
ALTER TABLE signature ADD COLUMN epss REAL;
