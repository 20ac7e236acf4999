-- Lists show a line of each case. The line is sealed by itself, so that no list opens whole cases.
-- NULL: the case was not saved since. Lists then open the case.
ALTER TABLE cases ADD COLUMN summary_sealed bytea;
