//! Evidence from real recordings, from real shells, and from hostile bytes.

mod integration {
    mod corpus;
    mod hostile;
    mod recordings;
    mod shells;
    mod support;
}
