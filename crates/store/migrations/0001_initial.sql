-- Bodies of evidence by the SHA-256 of their bytes, zstd-compressed. Immutable; retention deletes.
CREATE TABLE body (
    digest BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    size   INTEGER NOT NULL CHECK (size >= 0),
    data   BLOB NOT NULL
) STRICT;

-- What a record or a result is about: canonical JSON of {key, subject} (kind 0) or of the identity
-- of a result (kind 1).
CREATE TABLE topic (
    id      INTEGER PRIMARY KEY,
    kind    INTEGER NOT NULL CHECK (kind IN (0, 1)),
    subject TEXT NOT NULL,
    name    TEXT NOT NULL,
    UNIQUE (kind, name)
) STRICT;
CREATE INDEX topic_by_subject ON topic (kind, subject);

-- A record or result without its topic and without what differs from day to day: canonical JSON by
-- its SHA-256. Hosts that answer alike share it.
CREATE TABLE form (
    id     INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    json   TEXT NOT NULL
) STRICT;

-- A change interval: over these runs, with these rights, the topic had this form. An unchanged day
-- moves last_sequence and adds nothing.
CREATE TABLE span (
    id             INTEGER PRIMARY KEY,
    topic          INTEGER NOT NULL REFERENCES topic (id),
    privilege      INTEGER NOT NULL CHECK (privilege IN (0, 1, 2)),
    form           INTEGER NOT NULL REFERENCES form (id),
    first_sequence INTEGER NOT NULL CHECK (first_sequence >= 0),
    last_sequence  INTEGER NOT NULL CHECK (last_sequence >= first_sequence)
) STRICT;
CREATE INDEX span_by_topic ON span (topic, privilege, id);

-- One run. detail names its spans in order and holds what differs from day to day; seed gives the
-- salts of its Merkle leaves and never leaves the store.
CREATE TABLE run (
    sequence   INTEGER PRIMARY KEY CHECK (sequence >= 0),
    run        TEXT NOT NULL UNIQUE,
    manifest   TEXT NOT NULL,
    public_key BLOB NOT NULL CHECK (length(public_key) = 32),
    signature  BLOB NOT NULL CHECK (length(signature) = 64),
    head       BLOB NOT NULL CHECK (length(head) = 32),
    seed       BLOB NOT NULL CHECK (length(seed) = 32),
    context    TEXT NOT NULL,
    detail     BLOB NOT NULL,
    commands   BLOB NOT NULL
) STRICT;

-- The hash-chained audit log: canonical JSON of an entry without its hash, and the hash.
CREATE TABLE audit (
    sequence INTEGER PRIMARY KEY CHECK (sequence >= 0),
    entry    TEXT NOT NULL,
    hash     BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- Versions of approved lists; the audit entry holds the digest of value.
CREATE TABLE register (
    list    TEXT NOT NULL,
    subject TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    value   TEXT NOT NULL,
    audit   INTEGER NOT NULL UNIQUE REFERENCES audit (sequence),
    PRIMARY KEY (list, subject, version)
) STRICT;

-- Settings; the audit entry holds the digest of name and value.
CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    audit INTEGER NOT NULL UNIQUE REFERENCES audit (sequence)
) STRICT;

-- Bodies that retention removed; the audit entry holds the digest of the whole set.
CREATE TABLE pruned (
    audit  INTEGER NOT NULL REFERENCES audit (sequence),
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    PRIMARY KEY (audit, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX pruned_by_digest ON pruned (digest);

-- Where the chain of runs and the audit log end: signed with every write, so that a tail cut off by
-- someone without the key is found.
CREATE TABLE chain_end (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    statement  TEXT NOT NULL,
    public_key BLOB NOT NULL CHECK (length(public_key) = 32),
    signature  BLOB NOT NULL CHECK (length(signature) = 64)
) STRICT;

CREATE TRIGGER body_fixed BEFORE UPDATE ON body BEGIN SELECT RAISE(ABORT, 'body is immutable'); END;
CREATE TRIGGER topic_fixed BEFORE UPDATE ON topic BEGIN SELECT RAISE(ABORT, 'topic is immutable'); END;
CREATE TRIGGER topic_kept BEFORE DELETE ON topic BEGIN SELECT RAISE(ABORT, 'topic is kept'); END;
CREATE TRIGGER form_fixed BEFORE UPDATE ON form BEGIN SELECT RAISE(ABORT, 'form is immutable'); END;
CREATE TRIGGER form_kept BEFORE DELETE ON form BEGIN SELECT RAISE(ABORT, 'form is kept'); END;
CREATE TRIGGER span_fixed BEFORE UPDATE OF id, topic, privilege, form, first_sequence ON span
    BEGIN SELECT RAISE(ABORT, 'span is immutable'); END;
CREATE TRIGGER span_kept BEFORE DELETE ON span BEGIN SELECT RAISE(ABORT, 'span is kept'); END;
CREATE TRIGGER run_fixed BEFORE UPDATE ON run BEGIN SELECT RAISE(ABORT, 'run is immutable'); END;
CREATE TRIGGER run_kept BEFORE DELETE ON run BEGIN SELECT RAISE(ABORT, 'run is kept'); END;
CREATE TRIGGER audit_fixed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER register_fixed BEFORE UPDATE ON register BEGIN SELECT RAISE(ABORT, 'register is append-only'); END;
CREATE TRIGGER register_kept BEFORE DELETE ON register BEGIN SELECT RAISE(ABORT, 'register is append-only'); END;
CREATE TRIGGER pruned_fixed BEFORE UPDATE ON pruned BEGIN SELECT RAISE(ABORT, 'pruned is append-only'); END;
CREATE TRIGGER pruned_kept BEFORE DELETE ON pruned BEGIN SELECT RAISE(ABORT, 'pruned is append-only'); END;
