//! The store from outside: what goes in comes out, survives bad days, and cannot be changed
//! unseen.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "integration/bad_days.rs"]
mod bad_days;
#[path = "integration/crash.rs"]
mod crash;
#[path = "integration/round_trip.rs"]
mod round_trip;
#[path = "integration/schema.rs"]
mod schema;
#[path = "integration/support.rs"]
mod support;
#[path = "integration/tamper.rs"]
mod tamper;
#[path = "integration/trust.rs"]
mod trust;
#[path = "integration/vulns.rs"]
mod vulns;
