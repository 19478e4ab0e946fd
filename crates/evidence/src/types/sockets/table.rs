//! The tables of /proc.
