-- Imported vulnerability data. It is no evidence: it can be imported again, and what a run used of
-- it stands, with the file's digest, in the run's own body of package.vulnerabilities.
CREATE TABLE vuln_set (
    id     INTEGER PRIMARY KEY,
    name   TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    audit  INTEGER NOT NULL REFERENCES audit (sequence)
) STRICT;

-- The advisories of a set on one package of one release: zstd-compressed JSON list.
CREATE TABLE vuln_package (
    vuln_set     INTEGER NOT NULL REFERENCES vuln_set (id),
    distribution TEXT NOT NULL,
    package      TEXT NOT NULL,
    count        INTEGER NOT NULL CHECK (count > 0),
    advisories   BLOB NOT NULL,
    PRIMARY KEY (distribution, package, vuln_set)
) STRICT, WITHOUT ROWID;
CREATE INDEX vuln_package_by_set ON vuln_package (vuln_set);

-- Names of flaws that a set says are used by attackers.
CREATE TABLE vuln_exploited (
    vuln_set INTEGER NOT NULL REFERENCES vuln_set (id),
    flaw     TEXT NOT NULL,
    PRIMARY KEY (flaw, vuln_set)
) STRICT, WITHOUT ROWID;
