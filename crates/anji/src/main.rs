//! The `anji` command.
fn main() {}
