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
    mod firewall_oracle;
    mod hostile;
    mod recordings;
    mod scrub;
    mod shells;
    mod shells_auth;
    mod shells_firewall;
    mod shells_jobs;
    mod shells_kernel;
    mod shells_logs;
    mod shells_packages;
    mod shells_services;
    mod startup_files;
    mod sudoers;
    mod support;
    mod truth_auth;
    mod truth_firewall;
    mod truth_jobs;
    mod truth_kernel;
    mod truth_logs;
    mod truth_packages;
    mod truth_people;
    mod truth_services;
    mod versions;
}
