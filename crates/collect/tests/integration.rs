//! Runs real scripts in the shells that a target may have, and reads what
//! comes back. Needs Linux with dash, bash, busybox, mawk and gawk; some tests
//! need root and say so.

#[path = "integration/ends.rs"]
mod ends;
#[path = "integration/frames.rs"]
mod frames;
#[path = "integration/hostile.rs"]
mod hostile;
#[path = "integration/records.rs"]
mod records;
#[path = "integration/rights.rs"]
mod rights;
#[path = "integration/roots.rs"]
mod roots;
#[path = "integration/support.rs"]
mod support;
#[path = "integration/text.rs"]
mod text;
