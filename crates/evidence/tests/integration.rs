//! Evidence from real recordings, from real shells, and from hostile bytes.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "tests run shells and read recordings"
)]

mod integration {
    mod bounds;
    mod corpus;
    mod dumps;
    mod hostile;
    mod recordings;
    mod scrub;
    mod shells;
    mod support;
}
