//! Listening daemons.
